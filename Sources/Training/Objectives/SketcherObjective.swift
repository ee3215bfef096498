import Diffusion
import Foundation
import Models
import NN
import Scenes
import Torch

/// `limn train sketcher`: what it builds.
public struct SketcherTrainingConfig: TrainingRecipe {
    public var data: DataConfig
    public var training: TrainingConfig
    /// The folder of a trained CLIP.
    public var clip: String
    /// A folder with the `sketcher` to begin with, as another run leaves it, with sketches of the same size or smaller;
    /// nil begins anew.
    public var start: String?
    public var sketcher: SketcherConfig
    public var scheduler: SchedulerConfig
    public var conditioning = Conditioning()
    /// γ of the loss's weights, and the least of them in x₀.
    public var gamma = 5.0
    public var floor = 0.3
    public var pool = Pool()

    /// The pictures that are learnt from at a time.
    public struct Pool: Codable, Sendable {
        public var count = 32_768
        /// How many of them give way to others in each step.
        public var fresh = 16

        public init() {}
    }

    public func objective(pack: PicturePack, device: Device) throws -> any Objective {
        try SketcherObjective(self, pack: pack, device: device)
    }
}

/// The sketcher: what lies where, from CLIP's embeddings of a picture and its caption, by the squared error of the clean
/// sketch.
public final class SketcherObjective: Objective {
    private let config: SketcherTrainingConfig
    private let clip: FrozenCLIP
    private let pool: EmbeddedPictures
    private let showcases: [Showcase]
    private let device: Device
    private let store: ParameterStore
    private let sketcher: Sketcher
    private let loss: DiffusionLoss
    private let conditions: EmbeddingConditions
    /// The empty caption's embedding: (1, width).
    private let nothing: Tensor

    public init(_ config: SketcherTrainingConfig, pack: PicturePack, device: Device) throws {
        self.config = config
        self.device = device
        clip = try FrozenCLIP(
            folder: URL(filePath: config.clip), device: device, dtype: config.training.productType(on: device))
        guard clip.visionConfig.imageSize % config.sketcher.sampleSize == 0 else {
            throw TrainingError.badConfiguration(
                key: "sample_size", expected: "a divisor of the size that CLIP sees, \(clip.visionConfig.imageSize)")
        }
        let sampler = try PictureSampler(pack: pack, config: config.data)
        pool = try EmbeddedPictures(
            count: config.pool.count, fresh: config.pool.fresh, size: config.sketcher.sampleSize,
            seed: config.training.seed, clip: clip, sampler: sampler, device: device)
        showcases = try ["val", "train"].map { [imageSize = clip.visionConfig.imageSize] split in
            try Showcase(pack: pack, split: split, size: imageSize, count: 16)
        }
        guard config.conditioning.inpainting == nil else {
            throw TrainingError.badConfiguration(key: "inpainting", expected: "left out: a sketcher is shown no region")
        }
        store = try Component.store(
            startingFrom: config.start, "sketcher", sketcher: config.sketcher, device: device,
            generator: Generator(seed: config.training.seed))
        sketcher = Sketcher(config.sketcher, store.root)
        try store.verify()
        loss = try DiffusionLoss(config.scheduler, gamma: config.gamma, floor: config.floor)
        var random = Randomness(seed: config.training.seed, Purpose.pictures)
        conditions = try EmbeddingConditions(
            config.conditioning, clip: config.clip,
            probe: clip.encode(
                pictures: sampler.pictures(sampler.draws(count: 512, &random), size: clip.visionConfig.imageSize)
                    .to(device)))
        nothing = clip.encode([""]).embeds
    }

    public var parameters: [(key: String, tensor: Tensor)] {
        store.parameters.map { ("sketcher/" + $0.key, $0.tensor) }
    }

    public func loss(at place: StepPlace) throws -> (loss: Tensor, figures: [(name: String, value: Tensor)]) {
        let count = config.training.batch / config.training.accumulation
        var random = place.random(Purpose.conditioning)
        let rows = try pool.rows(count: count, step: place.step, &random)
        let keeps = conditions.keepsText(count: count, &random).map { Float($0 ? 1 : 0) }
        let keep = Tensor(keeps, shape: [count, 1]).to(device)
        let image = conditions.images(
            own: rows.images, texts: rows.texts, unconditional: sketcher.unconditionalEmbeds,
            noise: place.generator(Purpose.conditioning), &random)
        let batch = try loss.noised(rows.pictures, at: place)
        let output = Autograd.autocast(config.training.productType(on: device), on: device) {
            sketcher(
                batch.noisy, batch.timesteps,
                context: sketcher.condition(imageEmbeds: image, textEmbeds: nothing + keep * (rows.texts - nothing)))
        }
        return (try batch.error(of: output), [])
    }

    /// Validation pictures as real sketches and as they are drawn from their captions, and as many training pictures.
    public func sample(seed: UInt64) throws -> RGBPicture? {
        let size = [config.sketcher.sampleSize, config.sketcher.sampleSize]
        let rows = try showcases.flatMap { showcase in
            let real = showcase.pictures.to(device)
            return [Sketch.of(real, size: size), try drawn(showcase, real, seed: seed)]
        }
        let side = clip.visionConfig.imageSize
        return try RGBPicture(
            grid: Tensor.cat(rows, dim: 0).interpolate(size: [side, side], mode: .nearest),
            columns: showcases[0].captions.count)
    }

    private func drawn(_ showcase: Showcase, _ real: Tensor, seed: UInt64) throws -> Tensor {
        let count = showcase.captions.count
        let texts = clip.encode(showcase.captions).embeds
        let context = Autograd.noGrad {
            sketcher.condition(
                imageEmbeds: sketcher.guided(conditions.predicted(texts) ?? clip.encode(pictures: real)),
                textEmbeds: Tensor.cat([nothing.expand([count, -1]), texts], dim: 0))
        }
        let loop = SamplingLoop(
            stage: "sketch", solver: try config.scheduler.converted(to: .ddim).solver(RunOptions(steps: 12)),
            denoiser: ClassifierFreeGuidance(scale: 1.5).guiding { [sketcher, device] sample, step in
                sketcher(sample, Tensor([Float(step.timestep)]).to(device), context: context)
            },
            noise: SeededNoise(seeds: (0..<UInt64(count)).map { seed + $0 }))
        let size = config.sketcher.sampleSize
        return try Autograd.noGrad { try loop.run(shape: [count, 3, size, size], device: device) }
            .clamp(min: -1, max: 1)
    }

    public func export(to folder: URL, dtype: DType) throws {
        try ComponentWriter.write(store, config: config.sketcher, to: folder.appending(path: "sketcher"), dtype: dtype)
        try ComponentWriter.write(
            config.scheduler, to: folder.appending(path: "sketcher_scheduler"), file: "scheduler_config.json")
    }
}

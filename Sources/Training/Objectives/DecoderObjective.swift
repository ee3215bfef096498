import Diffusion
import Foundation
import Models
import NN
import Scenes
import Torch

/// `limn train decoder`: what it builds.
public struct DecoderTrainingConfig: TrainingRecipe {
    public var data: DataConfig
    public var training: TrainingConfig
    /// The folder of a trained CLIP.
    public var clip: String
    /// A folder with the `decoder` and `text_proj` to begin with, as another run leaves them; nil begins anew.
    public var start: String?
    /// Height and width of the pictures, in pixels.
    public var size: Int
    public var decoder: UNet2DConditionConfig
    public var scheduler: SchedulerConfig
    public var conditioning = Conditioning()
    /// γ of the loss's weights; a large number weighs all noise levels alike in ε.
    public var gamma = 5.0
    /// The least of the loss's weights in x₀; above 0 layouts are learnt sooner.
    public var floor: Double? = nil
    /// nil where pixels alone are compared.
    public var perceptual: PerceptualConfig? = nil
    /// How the decoder is shown sketches, where it has the channels for them.
    public var sketches: SketchConfig? = nil

    /// Sketches that a decoder learns from: the pictures themselves made small, with noise that stands for the
    /// sketcher's errors (Ho et al. 2021, section 4.1: conditioning augmentation).
    public struct SketchConfig: Codable, Sendable {
        /// The largest standard deviation of the noise.
        public var noise: Double
        /// What the sketcher makes of them before.
        public var redrawn: SketcherRedrawingConfig?
    }

    public func objective(pack: PicturePack, device: Device) throws -> any Objective {
        try DecoderObjective(self, pack: pack, device: device)
    }
}

/// The decoder (Ramesh et al. 2022, section 2.1): draws a picture from its CLIP embedding and its caption.
public final class DecoderObjective: Objective {
    private let config: DecoderTrainingConfig
    private let clip: FrozenCLIP
    private let sampler: PictureSampler
    private let showcase: Showcase
    private let device: Device
    private let decoderStore: ParameterStore
    private let projectionStore: ParameterStore
    private let decoder: UNet2DConditionModel
    private let projection: UnCLIPTextProjModel
    private let loss: DiffusionLoss
    private let perceptual: PerceptualDistance?
    private let weakened: EmbeddingConditions
    private let sketcher: (any Redrawing)?

    public init(_ config: DecoderTrainingConfig, pack: PicturePack, device: Device) throws {
        self.config = config
        self.device = device
        clip = try FrozenCLIP(
            folder: URL(filePath: config.clip), device: device, dtype: config.training.productType(on: device))
        guard (config.sketches == nil) == (config.decoder.sketchSize == nil) else {
            throw TrainingError.badConfiguration(
                key: "sketches", expected: "there if, and only if, the decoder has a sketch_size")
        }
        sampler = try PictureSampler(pack: pack, config: config.data)
        showcase = try Showcase(pack: pack, size: config.size, count: 16)
        let generator = Generator(seed: config.training.seed)
        decoderStore = try Component.store(
            startingFrom: config.start, "decoder", patchSize: config.decoder.layout.patchSize,
            channels: config.decoder.layout.inChannels, device: device, generator: generator,
            channelsLast: device.prefersChannelsLast)
        decoder = try UNet2DConditionModel(config.decoder, decoderStore.root)
        projectionStore = try Component.store(
            startingFrom: config.start, "text_proj", device: device, generator: generator)
        var projectionConfig = UnCLIPTextProjConfig(
            timeEmbedDim: config.decoder.layout.timeWidth, crossAttentionDim: config.decoder.crossAttentionDim)
        projectionConfig.clipEmbeddingsDim = clip.textConfig.projectionDim
        projection = UnCLIPTextProjModel(projectionConfig, projectionStore.root)
        try decoderStore.verify()
        try projectionStore.verify()
        loss = try DiffusionLoss(config.scheduler, gamma: config.gamma, floor: config.floor ?? 0)
        perceptual = try config.perceptual.map { [clip] in try PerceptualDistance($0, clip: clip) }
        sketcher = try config.sketches?.redrawn?.redrawing(
            device: device, dtype: config.training.productType(on: device))
        var random = Randomness(seed: config.training.seed, Purpose.pictures)
        let probe = sampler.draws(count: 512, &random)
        weakened = try EmbeddingConditions(
            config.conditioning, clip: config.clip,
            probe: clip.encode(pictures: sampler.pictures(probe, size: config.size).to(device)))
    }

    public var parameters: [(key: String, tensor: Tensor)] {
        decoderStore.parameters.map { ("decoder/" + $0.key, $0.tensor) }
            + projectionStore.parameters.map { ("text_proj/" + $0.key, $0.tensor) }
    }

    public func loss(at place: StepPlace) throws -> (loss: Tensor, figures: [(name: String, value: Tensor)]) {
        let count = config.training.batch / config.training.accumulation
        var random = place.random(Purpose.pictures)
        let draws = sampler.draws(count: count, &random)
        let pictures = try sampler.pictures(draws, size: config.size).to(device)
        let batch = try loss.noised(pictures, at: place)
        let output = try Autograd.autocast(config.training.productType(on: device), on: device) {
            let seen = try sampler.pictures(draws, size: clip.visionConfig.imageSize).to(device)
            let conditions = conditions(draws.map(\.caption), seen, at: place)
            let context = try decoder.condition(conditions)
            let shown = try known(pictures, at: place) + sketches(of: pictures, draws.map(\.caption), at: place)
            let input = Tensor.cat([batch.noisy] + shown, dim: 1).inTrainingFormat()
            return decoder(input, batch.timesteps, context: context)
        }
        let error = try batch.error(of: output)
        guard let perceptual, let config = config.perceptual else { return (error, []) }
        // Of pictures that are hidden by noise a mean is all that can be known.
        let distance = try (perceptual(batch.pictures(of: output), pictures, at: place) * batch.signal).mean()
        return (error + distance * config.weight, [("pixels", error.detach()), ("perceptual", distance.detach())])
    }

    /// The conditions of a step, some of them dropped.
    private func conditions(_ captions: [String], _ seen: Tensor, at place: StepPlace) -> UNetConditions {
        var random = place.random(Purpose.conditioning)
        let count = captions.count
        let text = clip.encode(captions + [""])
        let said = text.rows(weakened.keepsText(count: count, &random).enumerated().map { $1 ? $0 : count })
        let image = weakened.images(
            own: clip.encode(pictures: seen), texts: text.embeds.narrow(dim: 0, start: 0, length: count),
            unconditional: projection.unconditionalEmbeds, noise: place.generator(Purpose.conditioning), &random)
        return drawer.conditions(image: image, text: said)
    }

    private var drawer: GuidedDecoder {
        GuidedDecoder(clip: clip, decoder: decoder, projection: projection, device: device)
    }

    /// The channels of the known picture and its mask, where the decoder has them.
    private func known(_ pictures: Tensor, at place: StepPlace) -> [Tensor] {
        guard config.decoder.inpaintingChannels > 0 else { return [] }
        var random = place.random(Purpose.regions)
        let side = config.size
        let masks = (0..<pictures.size(0)).flatMap { _ in
            random.chance(config.conditioning.inpainting ?? 0)
                ? Regions.random(size: side, &random) : [Float](repeating: 0, count: side * side)
        }
        let mask = Tensor(masks, shape: [pictures.size(0), 1, side, side]).to(device)
        return [pictures * mask, mask]
    }

    /// What lies where in the pictures, as a sketcher would have drawn it, where the decoder is shown that.
    private func sketches(of pictures: Tensor, _ captions: [String], at place: StepPlace) throws -> [Tensor] {
        guard let rules = config.sketches, let size = config.decoder.sketchSize else { return [] }
        var random = place.random(Purpose.sketches)
        let strengths = captions.map { _ in Float.random(in: 0...1, using: &random) * Float(rules.noise) }
        var small = Sketch.of(pictures, size: [size, size])
        if let sketcher, let redrawn = rules.redrawn, random.chance(redrawn.probability) {
            small = try sketcher.redraw(small, captions, &random)
        }
        let noise = Tensor.randn(small.shape, generator: place.generator(Purpose.sketches)).to(device)
        let sketches = small + noise * Tensor(strengths, shape: [strengths.count, 1, 1, 1]).to(device)
        return [Sketch.shown(sketches, size: [config.size, config.size])]
    }

    public func sample(seed: UInt64) throws -> RGBPicture? {
        let real = showcase.pictures.to(device)
        let count = real.size(0)
        let loop = SamplingLoop(
            stage: "decoder", solver: try config.scheduler.converted(to: .ddpm).solver(RunOptions(steps: 30)),
            denoiser: try drawer.denoiser(for: clip.encode(pictures: real), showcase.captions, like: real, guidance: 2),
            noise: SeededNoise(seeds: (0..<UInt64(count)).map { seed + $0 }))
        let drawn = try Autograd.autocast(config.training.productType(on: device), on: device) {
            try loop.run(shape: [count, 3, config.size, config.size], device: device)
        }
        return try RGBPicture(grid: .cat([real, drawn.clamp(min: -1, max: 1)], dim: 0), columns: count / 2)
    }

    public func export(to folder: URL, dtype: DType) throws {
        try ComponentWriter.write(
            decoderStore, config: config.decoder, to: folder.appending(path: "decoder"), dtype: dtype)
        try ComponentWriter.write(
            projectionStore, config: projection.config, to: folder.appending(path: "text_proj"), dtype: dtype)
        try ComponentWriter.write(
            config.scheduler, to: folder.appending(path: "decoder_scheduler"), file: "scheduler_config.json")
    }
}

/// Pictures and captions, validation ones unless another split is named, that a run's samples are drawn for, the same in every run.
struct Showcase {
    let captions: [String]
    /// (count, 3, size, size) in −1…1.
    let pictures: Tensor

    init(pack: PicturePack, split: String = "val", size: Int, count: Int) throws {
        let validation = pack.indices(split: split)
        let all = validation.isEmpty ? Array(pack.rows.indices) : validation
        let chosen = (0..<count).map { all[$0 * all.count / count] }
        captions = chosen.map { Captions.prompt(pack.rows[$0]) }
        var config = DataConfig(pack: "")
        config.split = pack.rows[chosen[0]].split
        let sampler = try PictureSampler(pack: pack, config: config)
        pictures = try sampler.pictures(
            chosen.map(Draw.plain), size: size)
    }
}

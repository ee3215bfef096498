import Diffusion
import Foundation
import Models
import NN
import Scenes
import Torch

/// `limn train prior`: what it builds.
public struct PriorTrainingConfig: TrainingRecipe {
    public var data: DataConfig
    public var training: TrainingConfig
    /// The folder of a trained CLIP.
    public var clip: String
    public var prior: PriorConfig
    public var scheduler: SchedulerConfig
    /// How often the caption gives way to the empty one.
    public var dropText = 0.1

    enum CodingKeys: String, CodingKey {
        case data, training, clip, prior, scheduler
        case dropText = "drop_text"
    }

    public func objective(pack: PicturePack, device: Device) throws -> any Objective {
        try PriorObjective(self, pack: pack, device: device)
    }
}

/// The diffusion prior (Ramesh et al. 2022, section 2.2): predicts a picture's CLIP embedding from its caption, by the
/// plain squared error of the clean embedding.
public final class PriorObjective: Objective {
    private let config: PriorTrainingConfig
    private let clip: FrozenCLIP
    private let sampler: PictureSampler
    private let device: Device
    private let store: ParameterStore
    private let prior: PriorTransformer
    private let loss: DiffusionLoss

    public init(_ config: PriorTrainingConfig, pack: PicturePack, device: Device) throws {
        self.config = config
        self.device = device
        clip = try FrozenCLIP(
            folder: URL(filePath: config.clip), device: device, dtype: config.training.productType(on: device))
        sampler = try PictureSampler(pack: pack, config: config.data)
        store = ParameterStore(device: device, generator: Generator(seed: config.training.seed))
        prior = PriorTransformer(config.prior, store.root)
        try store.verify()
        loss = try DiffusionLoss(config.scheduler, gamma: 5)
        var random = Randomness(seed: config.training.seed, Purpose.pictures)
        let embeds = try (0..<8).map { _ in
            clip.encode(
                pictures: try sampler.pictures(sampler.draws(count: 256, &random), size: clip.visionConfig.imageSize)
                    .to(device))
        }
        let all = Tensor.cat(embeds, dim: 0)
        prior.clipMean.copyInPlace(from: all.mean(dims: [0], keepDim: true))
        prior.clipStd.copyInPlace(from: all.std(dims: [0], keepDim: true))
    }

    public var parameters: [(key: String, tensor: Tensor)] {
        store.parameters.map { ("prior/" + $0.key, $0.tensor) }
    }

    public func loss(at place: StepPlace) throws -> (loss: Tensor, figures: [(name: String, value: Tensor)]) {
        let count = config.training.batch / config.training.accumulation
        var random = place.random(Purpose.pictures)
        let draws = sampler.draws(count: count, &random)
        let pictures = try sampler.pictures(draws, size: clip.visionConfig.imageSize).to(device)
        let target = prior.standardise(clip.encode(pictures: pictures))
        let text = clip.encode(draws.map { random.chance(config.dropText) ? "" : $0.caption })
        let batch = try loss.noised(target, at: place)
        let output = Autograd.autocast(config.training.productType(on: device), on: device) {
            prior(
                batch.noisy, batch.timesteps,
                text: PriorText(embeds: text.embeds, states: text.states, mask: text.mask))
        }
        let error = (output.to(.float32) - target).square().mean()
        let cosine = Autograd.noGrad {
            (prior.postProcess(output.to(.float32)).normalize(dim: -1) * prior.postProcess(target).normalize(dim: -1))
                .sum(dims: [1]).mean()
        }
        return (error, [("cosine", cosine)])
    }

    public func export(to folder: URL, dtype: DType) throws {
        try ComponentWriter.write(store, config: config.prior, to: folder.appending(path: "prior"), dtype: dtype)
        try ComponentWriter.write(
            config.scheduler, to: folder.appending(path: "prior_scheduler"), file: "scheduler_config.json")
    }
}

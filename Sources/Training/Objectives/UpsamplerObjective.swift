import Diffusion
import Foundation
import Models
import NN
import Scenes
import Torch

/// `limn train upsampler`: what it builds.
public struct UpsamplerTrainingConfig: TrainingRecipe {
    public var data: DataConfig
    public var training: TrainingConfig
    /// The component's name in the model folder, such as `super_res_first`.
    public var component: String
    /// A folder with the component to begin with, as another run leaves it; nil begins anew.
    public var start: String?
    /// Height and width of the pictures that it makes, in pixels.
    public var size: Int
    /// How many times larger they are than those it is given.
    public var factor: Int
    /// Height and width of the squares that it is trained on; it is run on whole pictures.
    public var crop: Int
    /// How many squares of a picture a batch holds; nil for one.
    public var cropsPerPicture: Int?
    public var upsampler: UpsamplerConfig
    public var scheduler: SchedulerConfig
    public var degradation = Degradation()
    /// How the stage before takes part in making the small pictures; nil where it does not.
    public var redrawnByDecoder: DecoderRedrawingConfig?
    public var redrawnByUpsampler: UpsamplerRedrawingConfig?
    /// γ of the loss's weights; a large number weighs all noise levels alike in ε.
    public var gamma = 5.0
    /// The least of the loss's weights in x₀; above 0 the first steps, which see little but noise, are sharper.
    public var floor: Double?
    /// What the error is; nil for the squared one. With the absolute one, edges are hard.
    public var distance: PredictionDistance?
    /// The numbers of steps that it will draw in: only the noise levels of those runs are trained, the first of which
    /// is nothing but noise, and hardly ever met otherwise. nil for all levels.
    public var runs: [Int]?

    enum CodingKeys: String, CodingKey {
        case data, training, component, start, size, factor, crop, upsampler, scheduler, degradation, gamma, floor, runs
        case distance
        case cropsPerPicture = "crops_per_picture"
        case redrawnByDecoder = "redrawn_by_decoder"
        case redrawnByUpsampler = "redrawn_by_upsampler"
    }

    public func objective(pack: PicturePack, device: Device) throws -> any Objective {
        try UpsamplerObjective(self, pack: pack, device: device)
    }
}

/// An upsampler (Ramesh et al. 2022, section 2.1): makes a larger picture of a smaller one, which it sees enlarged
/// beside the noised large one.
public final class UpsamplerObjective: Objective {
    private let config: UpsamplerTrainingConfig
    private let sampler: PictureSampler
    private let showcase: Showcase
    private let device: Device
    private let store: ParameterStore
    private let network: any Upsampler
    private let loss: DiffusionLoss
    private let enlarging: Enlarging
    private let redrawings: [(config: any RedrawingConfig, redrawing: any Redrawing)]
    /// Squares of a picture in a batch.
    private let crops: Int

    public init(_ config: UpsamplerTrainingConfig, pack: PicturePack, device: Device) throws {
        self.config = config
        self.device = device
        sampler = try PictureSampler(pack: pack, config: config.data)
        showcase = try Showcase(pack: pack, size: config.size, count: 6)
        store = try Component.store(
            startingFrom: config.start, config.component, patchSize: config.upsampler.patchSize, device: device,
            generator: Generator(seed: config.training.seed), channelsLast: device.prefersChannelsLast)
        network = try config.upsampler.network(store.root)
        try store.verify()
        loss = try DiffusionLoss(
            config.scheduler, gamma: config.gamma, floor: config.floor ?? 0, distance: config.distance ?? .squared,
            runs: config.runs ?? [])
        enlarging = Enlarging(factor: config.factor)
        let dtype = config.training.productType(on: device)
        let stages: [(any RedrawingConfig)?] = [config.redrawnByDecoder, config.redrawnByUpsampler]
        redrawings = try stages.compactMap { $0 }.map { ($0, try $0.redrawing(device: device, dtype: dtype)) }
        crops = config.cropsPerPicture ?? 1
        guard crops > 0, config.training.batch / config.training.accumulation % crops == 0 else {
            throw TrainingError.badConfiguration(key: "crops_per_picture", expected: "a divisor of the batch")
        }
        guard config.upsampler.factor ?? config.factor == config.factor else {
            throw TrainingError.badConfiguration(key: "factor", expected: "the upsampler's own factor")
        }
        guard config.upsampler.seesNoise || config.scheduler.parameterisation == .sample else {
            throw TrainingError.badConfiguration(
                key: "prediction_type", expected: "sample, as the upsampler sees no noise that it could predict")
        }
        guard config.crop <= config.size, config.crop % (config.factor * network.sizeMultiple) == 0 else {
            throw TrainingError.badConfiguration(
                key: "crop", expected: "at most size, and a multiple of \(config.factor * network.sizeMultiple)")
        }
    }

    public var parameters: [(key: String, tensor: Tensor)] {
        store.parameters.map { (config.component + "/" + $0.key, $0.tensor) }
    }

    public func loss(at place: StepPlace) throws -> (loss: Tensor, figures: [(name: String, value: Tensor)]) {
        let count = config.training.batch / config.training.accumulation
        var random = place.random(Purpose.pictures)
        let draws = sampler.draws(count: count / crops, &random)
        let whole = try sampler.pictures(draws, size: config.size).to(device)
        let small = try redrawn(enlarging.shrunk(whole), draws.map(\.caption), at: place)
        let squares = (0..<count).map { Square(picture: $0 / crops, in: config, &random) }
        let large = Tensor.cat(squares.map { $0.cut(whole, scale: config.factor) }, dim: 0)
        let seen = Tensor.cat(squares.map { $0.cut(small, scale: 1) }, dim: 0)
        let enlarged = enlarging.enlarged(config.degradation.applied(to: seen, at: place))
        let batch = try loss.noised(large, at: place)
        let error = try Autograd.autocast(config.training.productType(on: device), on: device) {
            try batch.error(
                of: network(Tensor.cat([batch.noisy, enlarged], dim: 1).inTrainingFormat(), batch.timesteps))
        }
        return (error, [])
    }

    /// A square of a picture, in pixels of the small one.
    private struct Square {
        let picture: Int
        let x: Int
        let y: Int
        let side: Int

        init(picture: Int, in config: UpsamplerTrainingConfig, _ random: inout Randomness) {
            self.picture = picture
            side = config.crop / config.factor
            let room = config.size / config.factor - side
            (x, y) = (Int.random(in: 0...room, using: &random), Int.random(in: 0...room, using: &random))
        }

        func cut(_ pictures: Tensor, scale: Int) -> Tensor {
            pictures.narrow(dim: 0, start: picture, length: 1)
                .narrow(dim: 2, start: y * scale, length: side * scale)
                .narrow(dim: 3, start: x * scale, length: side * scale)
        }
    }

    private func redrawn(_ small: Tensor, _ captions: [String], at place: StepPlace) throws -> Tensor {
        var random = place.random(Purpose.redrawing)
        return try redrawings.reduce(small) { pictures, stage in
            random.chance(stage.config.probability)
                ? try stage.redrawing.redraw(pictures, captions, &random) : pictures
        }
    }

    public func sample(seed: UInt64) throws -> RGBPicture? {
        let real = showcase.pictures.to(device)
        var random = Randomness(seed: seed, Purpose.redrawing)
        let small = try redrawings.reduce(enlarging.shrunk(real)) {
            try $1.redrawing.redraw($0, showcase.captions, &random)
        }
        let enlarged = enlarging.enlarged(small)
        let loop = SamplingLoop(
            stage: config.component,
            solver: try config.scheduler.converted(to: .ddim).solver(RunOptions(steps: config.runs?.first ?? 6)),
            denoiser: network.denoiser(beside: enlarged),
            noise: SeededNoise(seeds: (0..<UInt64(real.size(0))).map { seed + $0 }))
        let drawn = try Autograd.autocast(config.training.productType(on: device), on: device) {
            try loop.run(shape: real.shape, device: device)
        }
        return try RGBPicture(
            grid: .cat([enlarged.clamp(min: -1, max: 1), drawn.clamp(min: -1, max: 1), real], dim: 0),
            columns: real.size(0))
    }

    public func export(to folder: URL, dtype: DType) throws {
        try ComponentWriter.write(
            store, config: config.upsampler, to: folder.appending(path: config.component), dtype: dtype)
        try ComponentWriter.write(
            config.scheduler, to: folder.appending(path: config.component + "_scheduler"), file: "scheduler_config.json"
        )
    }
}

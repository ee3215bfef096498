import Diffusion
import Foundation
import Torch

/// What a diffusion network is asked in one step: pictures noised to random levels, and the answer expected.
struct NoisedBatch {
    /// x_t, (batch, …)
    let noisy: Tensor
    /// (batch) int64
    let timesteps: Tensor
    private let clean: Tensor
    private let times: [Int]
    private let target: Tensor
    private let loss: DiffusionLoss

    fileprivate init(_ clean: Tensor, _ noise: Tensor, times: [Int], _ loss: DiffusionLoss) throws {
        self.clean = clean
        self.times = times
        self.loss = loss
        noisy = try loss.schedule.addNoise(clean, noise, timesteps: times)
        target = try loss.schedule.target(loss.parameterisation, clean, noise, timesteps: times)
        timesteps = Tensor(times.map(Int64.init)).to(clean.device)
    }

    /// The pictures that the network's answer stands for.
    func pictures(of output: Tensor) throws -> Tensor {
        let prediction = output.narrow(dim: 1, start: 0, length: target.size(1)).to(.float32)
        return try loss.schedule.pictures(loss.parameterisation, prediction, noisy, timesteps: times)
    }

    /// Which share of each noised picture's variance is the picture's own (ᾱ_t), from 0 to 1: (batch).
    var signal: Tensor { Tensor(times.map { loss.schedule.alphasCumprod[$0] }).to(clean.device) }

    /// The weighted error of the network's answer, and of its variance where it predicts one.
    func error(of output: Tensor) throws -> Tensor {
        let channels = target.size(1)
        let prediction = output.narrow(dim: 1, start: 0, length: channels).to(.float32)
        let dims = Array(1..<target.rank)
        let errors = loss.distance.of(prediction - target).mean(dims: dims)
        let simple = (errors * loss.weights(times, device: target.device)).mean()
        guard output.size(1) == 2 * channels else { return simple }
        let variance = output.narrow(dim: 1, start: channels, length: channels).to(.float32)
        let bound = try LearnedVariance(loss.schedule).bound(
            clean: clean, noisy: noisy,
            predicted: loss.schedule.pictures(
                loss.parameterisation, prediction.detach(), noisy, timesteps: times), variance: variance, times: times)
        return simple + bound * LearnedVariance.weight
    }
}

/// How far a prediction is from what was expected.
public enum PredictionDistance: String, Codable, Sendable {
    /// Its best answer is the mean of what is possible, as diffusion needs: where an edge may lie here or there, it is
    /// soft.
    case squared
    /// Its best answer is the median: of flat colours always one of them, so that edges stay hard.
    case absolute

    func of(_ difference: Tensor) -> Tensor {
        switch self {
        case .squared: difference.square()
        case .absolute: difference.abs()
        }
    }
}

/// A diffusion network's loss: the error of its prediction, weighted by min-SNR-γ (Hang et al. 2023).
struct DiffusionLoss {
    let schedule: NoiseSchedule
    let parameterisation: Parameterisation
    let gamma: Float
    /// The least weight in x₀, whatever the noise.
    let floor: Float
    let distance: PredictionDistance
    /// The noise levels that are drawn from.
    private let timesteps: [Int]

    /// - Parameter runs: the numbers of steps that will be drawn in; only their timesteps are trained. None: all are.
    init(
        _ config: SchedulerConfig, gamma: Double, floor: Double = 0, distance: PredictionDistance = .squared,
        runs: [Int] = []
    ) throws {
        schedule = try NoiseSchedule(config)
        parameterisation = config.parameterisation
        self.gamma = Float(gamma)
        self.floor = Float(floor)
        self.distance = distance
        let taken = try runs.flatMap { steps in
            try config.converted(to: .ddpm).solver(RunOptions(steps: steps)).steps.map { Int($0.timestep) }
        }
        timesteps = taken.isEmpty ? Array(0..<schedule.count) : taken
    }

    /// Noises clean pictures (batch, …) to levels drawn evenly from those that are trained.
    func noised(_ clean: Tensor, at place: StepPlace) throws -> NoisedBatch {
        let generator = place.generator(Purpose.noise)
        var random = place.random(Purpose.noise)
        let times = (0..<clean.size(0)).map { _ in timesteps[Int.random(in: 0..<timesteps.count, using: &random)] }
        let noise = Tensor.randn(clean.shape, generator: generator).to(clean.device)
        return try NoisedBatch(clean, noise, times: times, self)
    }

    fileprivate func weights(_ times: [Int], device: Device) -> Tensor {
        Tensor(times.map { schedule.minSNRWeight(at: $0, gamma: gamma, floor: floor, parameterisation) }).to(device)
    }
}

/// The variational bound by which a network learns the variance of its steps (Nichol & Dhariwal 2021, section 3.1):
/// its mean is held fixed, and L_hybrid = L_simple + 0.001 · L_vlb.
struct LearnedVariance {
    /// 0.001 times the number of timesteps, of which each step sees one.
    static let weight = 1.0

    private let schedule: NoiseSchedule

    init(_ schedule: NoiseSchedule) { self.schedule = schedule }

    /// The mean of L_{t−1} in bits per dimension: the divergence of the network's step from the true posterior, and
    /// at t = 0 the decoder's negative log-likelihood.
    func bound(clean: Tensor, noisy: Tensor, predicted: Tensor, variance: Tensor, times: [Int]) throws -> Tensor {
        let steps = times.map { Posterior(schedule, timestep: $0) }
        func column(_ value: (Posterior) -> Float) -> Tensor {
            Tensor(steps.map(value), shape: [times.count] + Array(repeating: 1, count: clean.rank - 1)).to(clean.device)
        }
        let (ofClean, ofNoisy) = (column(\.cleanFactor), column(\.noisyFactor))
        let trueMean = ofClean * clean + ofNoisy * noisy
        let mean = ofClean * predicted.clamp(min: -1, max: 1) + ofNoisy * noisy
        let trueLog = column(\.logVariance)
        let fraction = (variance + 1) * 0.5
        let log = fraction * column(\.logBeta) + (1 - fraction) * trueLog
        let gap = (trueMean - mean).square()
        let divergence = 0.5 * (log - trueLog - 1 + (trueLog - log).exp() + gap * (-log).exp())
        let likelihood = Self.negativeLogLikelihood(clean, mean: mean, logScale: 0.5 * log)
        let first = column { $0.isFirst ? 1 : 0 }
        return (first * likelihood + (1 - first) * divergence).mean() / Foundation.log(2.0)
    }

    /// −log of the probability that a discretised Gaussian gives to 8-bit pictures in −1…1 (Ho et al. 2020,
    /// equation 13).
    private static func negativeLogLikelihood(_ clean: Tensor, mean: Tensor, logScale: Tensor) -> Tensor {
        let inverse = (-logScale).exp()
        let centred = clean - mean
        func cumulative(_ x: Tensor) -> Tensor { 0.5 * (1 + (x * 0.5.squareRoot()).erf()) }
        let upper = cumulative((centred + 1.0 / 255) * inverse)
        let lower = cumulative((centred - 1.0 / 255) * inverse)
        let tiny = 1e-12
        let inside = (upper - lower).clamp(min: tiny).log()
        let atBottom = upper.clamp(min: tiny).log()
        let atTop = (1 - lower).clamp(min: tiny).log()
        return -Tensor.where(
            clean.lt(scalar: -0.999), atBottom, Tensor.where(clean.gt(scalar: 0.999), atTop, inside))
    }

    /// q(x_{t−1} | x_t, x_0) (Ho et al. 2020, equation 7).
    private struct Posterior {
        let cleanFactor: Float
        let noisyFactor: Float
        /// Of t = 1 at t = 0, where the posterior has none.
        let logVariance: Float
        let logBeta: Float
        let isFirst: Bool

        init(_ schedule: NoiseSchedule, timestep: Int) {
            let now = schedule.alphasCumprod[timestep]
            let before = timestep > 0 ? schedule.alphasCumprod[timestep - 1] : 1
            let beta = schedule.betas[timestep]
            cleanFactor = before.squareRoot() * beta / (1 - now)
            noisyFactor = schedule.alphas[timestep].squareRoot() * (1 - before) / (1 - now)
            let t = max(1, timestep)
            let (later, earlier) = (schedule.alphasCumprod[t], schedule.alphasCumprod[t - 1])
            logVariance = log(schedule.betas[t] * (1 - earlier) / (1 - later))
            logBeta = log(beta)
            isFirst = timestep == 0
        }
    }
}

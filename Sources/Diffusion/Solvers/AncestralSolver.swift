import Torch

/// DDPM's ancestral sampling (Ho et al. 2020, algorithm 2), in the reference's DDPM and UnCLIP variants.
///
/// x_{t'} = a · x̂_0 + b · x_t + σ · noise with equation 7's posterior mean and variance between t and t'.
struct AncestralSolver: Solver {
    /// The scalars of a step from t to t'.
    struct Coefficients: Equatable {
        /// Of x̂_0.
        var picture: Float
        /// Of x_t.
        var sample: Float
        var spread: Spread
    }

    /// The standard deviation σ of a step's noise.
    enum Spread: Equatable {
        /// The last step at t = 0 draws no noise.
        case none
        case fixed(Float)
        /// The denoiser predicts the variance itself.
        case learned
        /// The denoiser interpolates between the logarithms of the smallest and the largest variance
        /// (Nichol and Dhariwal 2021, equation 15).
        case learnedRange(logMinimum: Float, logMaximum: Float)
    }

    let steps: [SamplingStep]
    let coefficients: [Coefficients]
    private let parameterisation: Parameterisation
    private let limit: SampleLimit

    init(
        timesteps: [Int], coefficients: [Coefficients], schedule: NoiseSchedule, config: SchedulerConfig
    ) throws {
        parameterisation = config.parameterisation
        limit = SampleLimit(config)
        steps = SamplingStep.sequence(
            timesteps: timesteps.map(Double.init), levels: timesteps.map { schedule.level(at: $0) })
        self.coefficients = coefficients
        try config.checkFinite(
            coefficients.map { [$0.picture, $0.sample, $0.spread.magnitude] }, steps: steps, parameterisation)
    }

    mutating func advance(
        _ sample: Tensor, output: Tensor, at step: SamplingStep, noise: StepNoise
    ) throws -> SolverUpdate {
        let split = try SplitOutput(output, for: sample)
        let scalars = coefficients[step.index]
        let picture = limit(parameterisation.picture(split.prediction, sample, step.level))
        var next = scalars.picture * picture + scalars.sample * sample
        if let deviation = try deviation(scalars.spread, split.variance, for: sample, output) {
            let draw = try noise()
            next = next + deviation(draw)
        }
        return SolverUpdate(sample: next, predictedPicture: picture)
    }

    /// Multiplies noise by the step's standard deviation; nil if the step draws none.
    private func deviation(
        _ spread: Spread, _ predicted: Tensor?, for sample: Tensor, _ output: Tensor
    ) throws -> ((Tensor) -> Tensor)? {
        func variance() throws -> Tensor {
            guard let predicted else {
                throw DiffusionError.unexpectedOutput(
                    sample: sample.shape, output: output.shape,
                    expected: "twice the sample's channels, because the variance is learned")
            }
            return predicted
        }
        switch spread {
        case .none:
            return nil
        case .fixed(let sigma):
            return { sigma * $0 }
        case .learned:
            let sigma = try variance().sqrt()
            return { sigma * $0 }
        case .learnedRange(let minimum, let maximum):
            let fraction = (try variance() + 1.0) / 2.0
            let logVariance = maximum * fraction + minimum * (1.0 - fraction)
            let sigma = (0.5 * logVariance).exp()
            return { sigma * $0 }
        }
    }
}

extension AncestralSolver.Spread {
    /// A number that is finite if the spread is.
    var magnitude: Float {
        switch self {
        case .none, .learned: 0
        case .fixed(let sigma): sigma
        case .learnedRange(let minimum, let maximum): minimum + maximum
        }
    }

    init(_ variant: String, variance: Float, beta: Float) {
        switch variant {
        // The square root by way of the logarithm, as the reference rounds it.
        case "fixed_small_log": self = .fixed(Numerics.exp(0.5 * Numerics.log(variance)))
        case "fixed_large": self = .fixed(beta.squareRoot())
        case "learned": self = .learned
        case "learned_range":
            self = .learnedRange(logMinimum: Numerics.log(variance), logMaximum: Numerics.log(beta))
        default: self = .fixed(variance.squareRoot())
        }
    }
}

extension AncestralSolver.Coefficients {
    /// - Parameters:
    ///   - alpha: α between t' and t. - beta: 1 − α, with the variant's rounding.
    ///   - cumulative: ᾱ at t. - previous: ᾱ at t'.
    init(alpha: Float, beta: Float, cumulative: Float, previous: Float, spread: AncestralSolver.Spread) {
        picture = (previous.squareRoot() * beta) / (1 - cumulative)
        sample = alpha.squareRoot() * (1 - previous) / (1 - cumulative)
        self.spread = spread
    }

    /// The reference's `DDPMScheduler`: α is always a ratio of cumulative products.
    static func ddpm(_ t: Int, after previous: Int?, _ schedule: NoiseSchedule, variance variant: String) -> Self {
        let cumulative = schedule.alphasCumprod[t]
        let earlier = previous.map { schedule.alphasCumprod[$0] } ?? 1
        let alpha = cumulative / earlier
        let beta = 1 - alpha
        let variance = max((1 - earlier) / (1 - cumulative) * beta, 1e-20)
        return Self(
            alpha: alpha, beta: beta, cumulative: cumulative, previous: earlier,
            spread: t > 0 ? .init(variant, variance: variance, beta: beta) : .none)
    }

    /// The reference's `UnCLIPScheduler`: steps between neighbouring timesteps use the table's own β and α, which in
    /// float32 differ from the ratio by up to 5e-4 at t = 0.
    static func unCLIP(_ t: Int, after previous: Int?, _ schedule: NoiseSchedule, variance variant: String) -> Self {
        let cumulative = schedule.alphasCumprod[t]
        let earlier = previous.map { schedule.alphasCumprod[$0] } ?? 1
        let neighbours = (previous ?? -1) == t - 1
        let beta = neighbours ? schedule.betas[t] : 1 - cumulative / earlier
        let alpha = neighbours ? schedule.alphas[t] : 1 - beta
        var variance = (1 - earlier) / (1 - cumulative) * beta
        if variant == "fixed_small_log" { variance = max(variance, 1e-20) }
        return Self(
            alpha: alpha, beta: beta, cumulative: cumulative, previous: earlier,
            spread: t > 0 ? .init(variant, variance: variance, beta: beta) : .none)
    }
}

import Torch

/// Denoising diffusion implicit models (Song et al. 2021, equation 12):
/// x_{t'} = √ᾱ_{t'} · x̂_0 + √(1 − ᾱ_{t'} − σ²) · ε̂ + σ · noise,
/// σ = η √((1 − ᾱ_{t'}) / (1 − ᾱ_t)) √(1 − ᾱ_t / ᾱ_{t'}).
struct DDIMSolver: Solver {
    struct Coefficients: Equatable {
        var picture: Float
        var direction: Float
        var noise: Float
    }

    let steps: [SamplingStep]
    let coefficients: [Coefficients]
    private let parameterisation: Parameterisation
    private let limit: SampleLimit
    private let drawsNoise: Bool
    private let rederivesNoise: Bool

    init(timesteps: [Int], stride: Int, schedule: NoiseSchedule, config: SchedulerConfig, run: RunOptions) throws {
        parameterisation = config.parameterisation
        limit = SampleLimit(config)
        drawsNoise = run.eta > 0
        rederivesNoise = run.rederivesNoise
        steps = SamplingStep.sequence(
            timesteps: timesteps.map(Double.init), levels: timesteps.map { schedule.level(at: $0) })
        let final = config.flag("set_alpha_to_one") ? 1 : schedule.alphasCumprod[0]
        coefficients = timesteps.map { t in
            // The reference goes back by a fixed stride, whatever the next timestep of the run is.
            let previous = t - stride
            return Self.coefficients(
                from: schedule.alphasCumprod[t], to: previous >= 0 ? schedule.alphasCumprod[previous] : final,
                eta: Float(run.eta))
        }
        try config.checkFinite(
            coefficients.map { [$0.picture, $0.direction, $0.noise] }, steps: steps, parameterisation)
    }

    private static func coefficients(from cumulative: Float, to previous: Float, eta: Float) -> Coefficients {
        let variance = ((1 - previous) / (1 - cumulative)) * (1 - cumulative / previous)
        let sigma = eta * variance.squareRoot()
        return Coefficients(
            picture: previous.squareRoot(),
            // Rounding can bring the difference below zero where it should vanish.
            direction: max(1 - previous - sigma * sigma, 0).squareRoot(),
            noise: sigma)
    }

    mutating func advance(
        _ sample: Tensor, output: Tensor, at step: SamplingStep, noise: StepNoise
    ) throws -> SolverUpdate {
        let scalars = coefficients[step.index]
        let (picture, epsilon) = try prediction(sample, output: output, at: step)
        var next = scalars.picture * picture + scalars.direction * epsilon
        if drawsNoise { next = next + scalars.noise * (try noise()) }
        return SolverUpdate(sample: next, predictedPicture: picture)
    }

    /// x̂_0, limited, and ε̂.
    func prediction(
        _ sample: Tensor, output: Tensor, at step: SamplingStep
    ) throws -> (picture: Tensor, epsilon: Tensor) {
        let prediction = try SplitOutput(output, for: sample).prediction
        let picture = limit(parameterisation.picture(prediction, sample, step.level))
        let epsilon =
            rederivesNoise
            ? Parameterisation.epsilon(picture: picture, sample, step.level)
            : parameterisation.epsilon(prediction, sample, step.level)
        return (picture, epsilon)
    }
}

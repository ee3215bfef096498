import Torch

/// Euler's method on the probability-flow ODE in σ (Karras et al. 2022, algorithm 2 without churn):
/// x_{i+1} = x_i + (x_i − x̂_0) / σ_i · (σ_{i+1} − σ_i), where x = x_0 + σ · noise.
struct EulerSolver: Solver {
    let steps: [SamplingStep]
    let sigmas: [Float]
    let initialNoiseScale: Float
    private let parameterisation: Parameterisation

    /// - Parameter first: how many steps of the grid are left out at the start.
    init(grid: SigmaGrid, from first: Int, config: SchedulerConfig) throws {
        parameterisation = config.parameterisation
        sigmas = Array(grid.sigmas.dropFirst(first))
        steps = SamplingStep.sequence(
            timesteps: Array(grid.timesteps.dropFirst(first)),
            levels: sigmas.map { NoiseLevel(signal: 1, noise: $0) })
        let largest = grid.sigmas.max() ?? 1
        initialNoiseScale =
            config.text("timestep_spacing") == "leading" ? (largest * largest + 1).squareRoot() : largest
        try config.checkFinite(steps.map { [$0.level.noise, 1 / $0.level.noise] }, steps: steps, .sample)
    }

    func modelInput(_ sample: Tensor, at step: SamplingStep) -> Tensor {
        let sigma = step.level.noise
        return sample / (sigma * sigma + 1).squareRoot()
    }

    mutating func advance(
        _ sample: Tensor, output: Tensor, at step: SamplingStep, noise: StepNoise
    ) throws -> SolverUpdate {
        let prediction = try SplitOutput(output, for: sample).prediction
        let sigma = sigmas[step.index]
        let picture = picture(prediction, sample, sigma)
        let derivative = (sample - picture) / sigma
        let next = sample + (sigmas[step.index + 1] - sigma) * derivative
        return SolverUpdate(sample: next, predictedPicture: picture)
    }

    private func picture(_ output: Tensor, _ sample: Tensor, _ sigma: Float) -> Tensor {
        guard parameterisation == .velocity else {
            return parameterisation.picture(output, sample, NoiseLevel(signal: 1, noise: sigma))
        }
        // v is predicted for the scaled input, so both terms carry its scale.
        let square = sigma * sigma + 1
        return (-sigma / square.squareRoot()) * output + sample / square
    }
}

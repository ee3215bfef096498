import Torch

/// Leads a picture back to the noise from which DDIM with η = 0 draws it (Song et al. 2021, section 4.3).
///
/// A step of the solver from x_t is x_s = a · x̂_0(x_t) + b · ε̂(x_t). Backwards, x_t is what stands on both sides, so it is
/// found by fixed-point iteration from x_s; one round is the usual, approximate inversion (Pan et al. 2023,
/// "Effective Real Image Editing with Accelerated Iterative Diffusion Inversion").
public struct DDIMInversion {
    private let solver: DDIMSolver
    private let denoiser: Denoiser
    private let rounds: Int
    private let hooks: [StepHook]

    /// - Parameters:
    ///   - rounds: evaluations of the denoiser for each step.
    ///   - hooks: told of each step's outcome; what they return is passed over.
    /// - Throws: `DiffusionError` where the configuration is not DDIM's, or cannot be walked in these steps.
    public init(
        _ config: SchedulerConfig, _ run: RunOptions, rounds: Int = 3, denoiser: @escaping Denoiser,
        hooks: [StepHook] = []
    ) throws {
        var run = run
        run.eta = 0
        guard let solver = try config.solver(run) as? DDIMSolver else {
            throw config.unsupported("only DDIM can be walked backwards")
        }
        self.solver = solver
        self.denoiser = denoiser
        self.rounds = max(1, rounds)
        self.hooks = hooks
    }

    /// How many steps there are; hooks are called once for each.
    public var stepCount: Int { solver.steps.count }

    /// - Parameter picture: `[B, …]` in the sample's space.
    /// - Returns: the sample at the first step's level, float32.
    public func noise(of picture: Tensor) throws -> Tensor {
        try Autograd.noGrad {
            var sample = picture.to(.float32)
            for step in solver.steps.reversed() {
                sample = try undo(step, sample)
            }
            return sample
        }
    }

    private func undo(_ step: SamplingStep, _ target: Tensor) throws -> Tensor {
        let scalars = solver.coefficients[step.index]
        var sample = target
        for round in 0..<rounds {
            let output = try denoiser(sample, step).to(.float32)
            let (picture, epsilon) = try solver.prediction(sample, output: output, at: step)
            // A step that leaves no noise is drawn by the prediction alone: its noise is what is predicted.
            let next =
                scalars.direction > 0
                ? step.level.mix(picture, (target - scalars.picture * picture) / scalars.direction)
                : step.level.mix(target, epsilon)
            try next.check()
            if round == rounds - 1 {
                for hook in hooks {
                    _ = try hook.after(
                        StepOutcome(
                            step: step, previous: sample, output: output, predictedPicture: picture, sample: next))
                }
            }
            sample = next
        }
        return sample
    }
}

import Torch

/// The one loop through which every stage of every model draws: prior, decoder and upsamplers.
public struct SamplingLoop {
    /// The stage's name; labels its noise: `decoder_init_latents`, `decoder_step00`, ….
    public let stage: String
    public let solver: any Solver
    public let denoiser: Denoiser
    public let noise: any NoiseSource
    public let hooks: [StepHook]
    public let travel: TimeTravel

    public init(
        stage: String, solver: any Solver, denoiser: @escaping Denoiser, noise: any NoiseSource, hooks: [StepHook] = [],
        travel: TimeTravel = .none
    ) {
        self.stage = stage
        self.solver = solver
        self.denoiser = denoiser
        self.noise = noise
        self.hooks = hooks
        self.travel = travel
    }

    /// Draws from fresh noise.
    /// - Parameter shape: `[B, …]`.
    /// - Returns: the sample after the last step, float32, of that shape.
    public func run(shape: [Int], device: Device = .cpu) throws -> Tensor {
        let draw = try noise.next("\(stage)_init_latents", shape).to(.float32).to(device)
        return try run(from: solver.initialNoiseScale * draw)
    }

    /// Draws from a sample at the first step's level.
    /// - Parameter initial: `[B, …]`; computed with in float32 on its own device, whatever the denoiser computes in.
    /// - Returns: the sample after the last step, float32.
    /// - Throws: what the denoiser, the noise source or a hook throws; `DiffusionError` for an output of another
    ///   shape; `TorchError` for a failed operation, at the step that met it.
    public func run(from initial: Tensor) throws -> Tensor {
        try Autograd.noGrad {
            var solver = solver
            var sample = initial.to(.float32)
            let steps = solver.steps
            for move in travel.moves(steps: steps.count) {
                switch move {
                case .step(let index):
                    sample = try advance(sample, &solver, steps[index])
                case .back(let from, let to):
                    sample = try noised(sample, from: steps[from], to: steps[to])
                    solver.sampleWasReplaced()
                }
            }
            return sample
        }
    }

    /// The forward process from one step's level to an earlier one's, in one go:
    /// x_s = (signal_s / signal_t) x_t + √(noise_s² − (signal_s / signal_t)² noise_t²) · noise.
    private func noised(_ sample: Tensor, from: SamplingStep, to: SamplingStep) throws -> Tensor {
        let (near, far) = (from.level, to.level)
        let ratio = far.signal / near.signal
        let deviation = max(0, far.noise * far.noise - ratio * ratio * near.noise * near.noise).squareRoot()
        let draw = try noise.next("\(label(from))_back", sample.shape).to(.float32).to(sample.device)
        return ratio * sample + deviation * draw
    }

    private func advance(_ initial: Tensor, _ solver: inout any Solver, _ step: SamplingStep) throws -> Tensor {
        var sample = initial
        for hook in hooks {
            guard let replaced = try hook.before(sample, step) else { continue }
            sample = replaced
            solver.sampleWasReplaced()
        }
        let output = try denoiser(solver.modelInput(sample, at: step), step).to(.float32)
        let update = try solver.advance(sample, output: output, at: step) {
            try noise.next(label(step), sample.shape).to(.float32).to(sample.device)
        }
        var next = update.sample
        for hook in hooks {
            let outcome = StepOutcome(
                step: step, previous: sample, output: output, predictedPicture: update.predictedPicture, sample: next)
            guard let replaced = try hook.after(outcome) else { continue }
            next = replaced
            solver.sampleWasReplaced()
        }
        try next.check()
        return next
    }

    private func label(_ step: SamplingStep) -> String { step.noiseLabel(stage: stage) }
}

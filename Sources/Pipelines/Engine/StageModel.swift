import Diffusion
import ImageGeneration
import Torch

/// A model with its weights that can run its family's plans. It belongs to one `TorchWorker`.
protocol StageModel: AnyObject {
    /// Where the stages' samples live.
    var device: Device { get }

    /// Reads the weights that a plan needs and that are not there yet.
    func load(for plan: GenerationPlan) throws

    /// What the caller should know of a plan, such as a prompt that is cut.
    func notes(on plan: GenerationPlan) throws -> [GenerationNote]

    /// Encodes what the plan's stages are conditioned on.
    func begin(_ plan: GenerationPlan, _ observe: RunObserver) throws -> any StageRun
}

/// One run of a plan: what its stages hand on to each other.
protocol StageRun: AnyObject {
    /// How many samples a stage draws, which is the number of pictures but for a prior with candidates.
    func batch(of stage: Stage) -> Int

    /// The stage's denoiser with its conditions fixed. What no step changes is computed here, once.
    func denoiser(for stage: Stage) throws -> Denoiser

    /// Takes what a stage drew, `[batch, …]` float32.
    func finish(_ stage: Stage, _ sample: Tensor) throws

    /// The image embeddings that the pictures are drawn from, (count, width), not normalised, after the prior's stage.
    func imageEmbeddings() throws -> Tensor

    /// The pictures, (count, 3, height, width) float32 in −1…1, after the last stage.
    func pictures() throws -> Tensor
}

extension GenerationPlan {
    /// Runs the stages one after the other.
    ///
    /// - Parameters:
    ///   - noise: where the draws come from; the plan's own seeds unless a recording is replayed.
    ///   - observe: sees every named value.
    ///   - hooks: called at every step of every stage, such as progress and cancelling.
    /// - Returns: (count, height, width, 3) float32 in 0…1, at the size of the last stage.
    func run(
        on model: any StageModel, noise: any NoiseSource, observe: RunObserver = .none,
        hooks: (Stage) -> [StepHook] = { _ in [] }
    ) throws -> Tensor {
        try Autograd.noGrad {
            let run = try runStages(on: model, noise: noise, observe: observe, hooks: hooks)
            return try observe("image", try run.pictures().unitPictures)
        }
    }

    private func runStages(
        on model: any StageModel, noise: any NoiseSource, observe: RunObserver, hooks: (Stage) -> [StepHook]
    ) throws -> any StageRun {
        let run = try model.begin(self, observe)
        for stage in stages {
            let solver = try stage.scheduler.solver(stage.run)
            let loop = SamplingLoop(
                stage: stage.name, solver: solver, denoiser: try run.denoiser(for: stage), noise: noise,
                hooks: hooks(stage) + [observe.hook(stage: stage.name)].compactMap { $0 })
            _ = try observe("\(stage.name)/timesteps", Tensor(solver.steps.map(\.timestep)))
            let shape = [run.batch(of: stage)] + stage.space.shape
            let draw = try noise.next("\(stage.name)_init_latents", shape).to(model.device)
            let initial = try observe("\(stage.name)/init_latents", Double(solver.initialNoiseScale) * draw)
            try run.finish(stage, try loop.run(from: initial))
        }
        return run
    }

    /// Runs no stage but the prior's.
    /// - Returns: the image embeddings of the plan's pictures, (count, width) float32, not normalised.
    func imageEmbeddings(on model: any StageModel) throws -> Tensor {
        var plan = self
        plan.stages = stages.filter { $0.role == .prior }
        try model.load(for: plan)
        return try Autograd.noGrad {
            try plan.runStages(on: model, noise: plan.seededNoise, observe: .none, hooks: { _ in [] }).imageEmbeddings()
                .to(.float32)
        }
    }

    /// The draws of the plan's own seeds.
    var seededNoise: any NoiseSource {
        switch noise {
        case .seeded(let seeds): SeededNoise(seeds: seeds)
        }
    }
}

extension Tensor {
    /// Pictures (batch, height, width, 3) in 0…1 from (batch, 3, height, width) in −1…1.
    var unitPictures: Tensor { (self * 0.5 + 0.5).clamp(min: 0, max: 1).permute([0, 2, 3, 1]).contiguous() }
}

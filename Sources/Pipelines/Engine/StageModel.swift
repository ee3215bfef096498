import Diffusion
import ImageGeneration
import Imaging
import Torch

/// A model with its weights that can run its family's plans. It belongs to one `TorchWorker`.
protocol StageModel: AnyObject {
    /// Where the stages' samples live.
    var device: Device { get }

    /// Checks what a plan needs besides weights, and reads the networks that are not there yet, as far as they are held
    /// from the start.
    func load(for plan: GenerationPlan) throws

    /// What a plan that is about to be run needs of memory; nil where all of it is there.
    func missingWeights(for plan: GenerationPlan) throws -> MissingWeights?

    /// What the caller should know of a plan, such as a prompt that is cut.
    func notes(on plan: GenerationPlan) throws -> [GenerationNote]

    /// Encodes what the plan's stages are conditioned on.
    func begin(_ plan: GenerationPlan, _ observe: RunObserver) throws -> any StageRun
}

/// Weights that a run has to read.
struct MissingWeights {
    var needs: MemoryNeeds
    var residency: Residency
    /// Whether nothing was read of the model before.
    var isFirst: Bool
}

/// One run of a plan: what its stages hand on to each other.
protocol StageRun: AnyObject {
    /// How many samples a stage draws: the number of pictures, of each as many as it has candidates.
    func batch(of stage: Stage) -> Int

    /// Draws what a stage needs besides its samples' noise; called before those are drawn.
    func prepare(_ stage: Stage, noise: any NoiseSource) throws

    /// The denoiser of a stage that diffuses, with its conditions fixed. What no step changes is computed here, once.
    /// - Parameter known: what a network with channels for it is shown of the picture.
    func denoiser(for stage: Stage, known: KnownSample?) throws -> Denoiser

    /// The predictor of a stage that draws tokens, with its conditions fixed.
    func predictor(for stage: Stage) throws -> TokenPredictor

    /// Which places of a stage's samples count as known, 1 or 0 each, from those whose pixels are all kept.
    func known(_ mask: [Float], width: Int, height: Int) -> [Float]

    /// Pictures (count, 3, height, width) in −1…1 of any size as the stage's samples hold them, float32.
    func encode(_ pictures: Tensor, for stage: Stage) throws -> Tensor

    /// The inverse: the pictures, (count, 3, height, width) in about −1…1, that a stage's samples stand for.
    func decode(_ samples: Tensor, for stage: Stage) throws -> Tensor

    /// Takes what a stage drew, `[batch, …]` float32.
    func finish(_ stage: Stage, _ sample: Tensor) throws

    /// The image embeddings that the pictures are drawn from, (count, width), not normalised, after the prior's stage.
    func imageEmbeddings() throws -> Tensor

    /// The pictures, (count, 3, height, width) float32 in −1…1, after the last stage.
    func pictures() throws -> Tensor
}

extension StageRun {
    func prepare(_ stage: Stage, noise: any NoiseSource) throws {}
    func known(_ mask: [Float], width: Int, height: Int) -> [Float] { mask }

    func denoiser(for stage: Stage, known: KnownSample?) throws -> Denoiser {
        throw PlanError("the stage \(stage.name) does not diffuse")
    }

    func predictor(for stage: Stage) throws -> TokenPredictor {
        throw PlanError("the stage \(stage.name) draws no tokens")
    }
}

extension Stage {
    /// Its diffusion.
    /// - Throws: `PlanError` where it draws in another way.
    func diffusing() throws -> DiffusionSampling {
        guard let diffusion else { throw PlanError("the stage \(name) does not diffuse") }
        return diffusion
    }
}

/// What looks on while a plan is run.
struct RunHooks {
    /// What a step is part of.
    enum Phase { case inverting, drawing }

    /// What a stage's samples look like: (count, 3, height, width) in about −1…1, one for each of the plan's pictures.
    typealias View = (_ samples: Tensor) throws -> Tensor

    /// Called at every step of a stage, such as progress and cancelling.
    var steps: (Stage, Phase, @escaping View) -> [StepHook]

    static var none: RunHooks { RunHooks { _, _, _ in [] } }

    /// Hooks of a run whose pictures are the things of others.
    func composing(_ scene: ScenePlan) -> RunHooks {
        RunHooks { stage, phase, view in steps(stage, phase) { try scene.composed(view($0)) } }
    }
}

extension GenerationPlan {
    /// Runs the stages one after the other.
    ///
    /// - Parameters:
    ///   - noise: where the draws come from; the plan's own seeds unless a recording is replayed.
    ///   - known: what is known of the pictures.
    ///   - observe: sees every named value.
    /// - Returns: (count, height, width, 3) float32 in 0…1, at the size of the last stage.
    func run(
        on model: any StageModel, noise: any NoiseSource, known: KnownRegion? = nil, observe: RunObserver = .none,
        hooks: RunHooks = .none
    ) throws -> Tensor {
        try Autograd.noGrad {
            let pictures =
                if let scene = ScenePlan(self) {
                    try compose(scene, on: model, noise: noise, observe: observe, hooks: hooks)
                } else {
                    try runStages(on: model, noise: noise, known: known, observe: observe, hooks: hooks).pictures()
                }
            return try observe("image", pictures.unitPictures)
        }
    }

    /// Draws the things of scenes, and then the scenes.
    private func compose(
        _ scene: ScenePlan, on model: any StageModel, noise: any NoiseSource, observe: RunObserver, hooks: RunHooks
    ) throws -> Tensor {
        let things = try scene.things.runStages(
            on: model, noise: scene.things.noiseSource, known: nil, observe: observe, hooks: hooks.composing(scene))
        let pictures = try scene.composed(things.pictures())
        guard let finishing = scene.finishing, var drawn = scene.things.stages.last else { return pictures }
        // Among candidates of things was chosen; of a whole there is one.
        (drawn.candidates, drawn.kept) = (1, 1)
        return try finishing.runStages(
            on: model, noise: noise, known: nil, drawn: (drawn, pictures), observe: observe, hooks: hooks
        ).pictures()
    }

    /// - Parameter drawn: the stage before these, and what it made.
    private func runStages(
        on model: any StageModel, noise: any NoiseSource, known: KnownRegion?,
        drawn: (stage: Stage, pictures: Tensor)? = nil, observe: RunObserver, hooks: RunHooks
    ) throws -> any StageRun {
        let run = try model.begin(self, observe)
        if let drawn { try run.finish(drawn.stage, try run.encode(drawn.pictures, for: drawn.stage)) }
        for stage in stages {
            let looking =
                hooks.steps(stage, .drawing) { try run.decode($0, for: stage).firstRows(of: stage.candidates) }
                + [observe.hook(stage: stage.name)].compactMap { $0 }
            switch stage.sampler {
            case .diffusion(let diffusion):
                let solver = try diffusion.solver()
                _ = try observe("\(stage.name)/timesteps", Tensor(solver.steps.map(\.timestep)))
                let known = stage.space.pictureSize == nil ? nil : known
                let sample = try known.map { try $0.sample(for: stage, in: run) }
                let (initial, draw) = try begin(
                    stage, solver, run, on: model, noise: noise, known: sample, observe: observe, hooks: hooks)
                let loop = SamplingLoop(
                    stage: stage.name, solver: solver, denoiser: try run.denoiser(for: stage, known: sample),
                    noise: noise,
                    hooks: [sample?.hook(noise: draw, makesPicture: stage == stages.last)].compactMap { $0 } + looking,
                    travel: known?.travel ?? .none)
                try run.finish(stage, try loop.run(from: initial))
            case .tokens(let sampling):
                try run.prepare(stage, noise: noise)
                let loop = TokenLoop(
                    stage: stage.name, sampling: sampling, predictor: try run.predictor(for: stage), noise: noise,
                    hooks: looking)
                try run.finish(stage, try loop.run(batch: run.batch(of: stage), device: model.device))
            }
        }
        return run
    }

    /// What a diffusion begins with, and the noise in it.
    private func begin(
        _ stage: Stage, _ solver: any Solver, _ run: any StageRun, on model: any StageModel, noise: any NoiseSource,
        known: KnownSample?, observe: RunObserver, hooks: RunHooks
    ) throws -> (initial: Tensor, noise: Tensor) {
        try run.prepare(stage, noise: noise)
        let shape = [run.batch(of: stage)] + stage.space.shape
        var draw = try noise.next("\(stage.name)_init_latents", shape).to(model.device)
        if stage.role.drawsFromNoise, let inversion {
            draw = try inverted(inversion, stage, draw, on: model, hooks: hooks)
        }
        let initial = try observe("\(stage.name)/init_latents", Double(solver.initialNoiseScale) * draw)
        guard let known, let first = solver.steps.first else { return (initial, draw) }
        return (known.imposed(on: initial, noise: draw, at: first.level), draw)
    }

    /// The noise from which the stage draws a picture, the same for all pictures of the plan, with fresh noise mixed in.
    private func inverted(
        _ inversion: Inversion, _ stage: Stage, _ fresh: Tensor, on model: any StageModel, hooks: RunHooks
    ) throws -> Tensor {
        let run = try model.begin(inverting(inversion), .none)
        let picture = inversion.picture.signedTensor.to(model.device)
        // The picture itself is what the stage is shown of those before it.
        for earlier in stages.prefix(while: { $0 != stage }) where earlier.role == .sketcher {
            try run.finish(earlier, try run.encode(picture, for: earlier))
        }
        var unguided = stage
        unguided.guidance = nil
        let diffusion = try stage.diffusing()
        let walk = try DDIMInversion(
            diffusion.scheduler, diffusion.run, denoiser: try run.denoiser(for: unguided, known: nil),
            hooks: hooks.steps(stage, .inverting) { try run.decode($0, for: stage) })
        let noise = try walk.noise(of: try run.encode(picture, for: stage)).expand(fresh.shape)
        return try Spherical.slerp(
            noise, fresh, shares: Array(repeating: inversion.freshNoise, count: fresh.size(0)))
    }

    /// The plan whose conditions hold while a picture is led back to its noise: its own embedding and no text.
    private func inverting(_ inversion: Inversion) -> GenerationPlan {
        var plan = self
        plan.subjects = [Subject(prompt: "", embedding: .picture(inversion.picture))]
        plan.texts = nil
        plan.picturesPerSubject = 1
        plan.inversion = nil
        for index in plan.stages.indices { plan.stages[index].guidance = nil }
        return plan
    }

    /// Runs no stage but the prior's.
    /// - Returns: the image embeddings of the plan's pictures, (count, width) float32, not normalised.
    func imageEmbeddings(on model: any StageModel) throws -> Tensor {
        var plan = self
        plan.stages = stages.filter { $0.role == .prior }
        try model.load(for: plan)
        return try Autograd.noGrad {
            try plan.runStages(on: model, noise: plan.noiseSource, known: nil, observe: .none, hooks: .none)
                .imageEmbeddings().to(.float32)
        }
    }

    /// The draws of the plan's own seeds.
    var noiseSource: any NoiseSource {
        switch noise {
        case .seeded(let seeds): SeededNoise(seeds: seeds)
        case .slerped(let seeds, let weights): SlerpedNoise(seeds: seeds, weights: weights)
        }
    }
}

extension Tensor {
    /// Pictures (batch, height, width, 3) in 0…1 from (batch, 3, height, width) in −1…1.
    var unitPictures: Tensor { (self * 0.5 + 0.5).clamp(min: 0, max: 1).permute([0, 2, 3, 1]).contiguous() }

    /// 8-bit pictures from (count, height, width, 3) in 0…1.
    func imageBuffers() throws -> [ImageBuffer] {
        let (height, width) = (size(1), size(2))
        let samples = try (self * 255).round().to(.uint8).bytes()
        let each = height * width * 3
        return try (0..<size(0)).map { index in
            try ImageBuffer(
                width: width, height: height, channels: 3, samples: Array(samples[index * each..<(index + 1) * each]))
        }
    }

    /// Every row `count` times: (rows · count, …).
    func repeatingRows(_ count: Int) -> Tensor {
        let rest = Array(shape.dropFirst())
        return unsqueeze(1).expand([size(0), count] + rest).reshape([-1] + rest)
    }

    /// The first of every `count` rows.
    func firstRows(of count: Int) -> Tensor { reshape([-1, count] + shape.dropFirst()).select(dim: 1, index: 0) }
}

extension ImageBuffer {
    /// (1, 3, height, width) float32 in −1…1; what is transparent is white.
    var signedTensor: Tensor {
        let opaque = flattened(on: .white).converted(channels: 3)
        return Tensor(opaque.samples, shape: [1, height, width, 3]).to(.float32).permute([0, 3, 1, 2]) / 127.5 - 1
    }
}

import Checkpoints
import Diffusion
import Foundation
import ImageGeneration
import Imaging
import Models
import Torch

/// Replays recorded runs of diffusers' Kandinsky 2.2 pipelines: of each the prior's part or the decoder's, as the
/// reference has a pipeline for either. Twice: with each step's recorded inputs, and from the recorded noise alone.
struct Kandinsky22Replayer: Replayer {
    private let golden: GoldenSet
    private let folder: URL
    private let model: Kandinsky22Model
    private let description: ModelDescription

    static func claims(_ call: JSON) -> Bool { call["pipeline"]?.string?.hasPrefix("KandinskyV22") ?? false }

    init(_ golden: GoldenSet, folder: URL, dtype: DType, device: Device) throws {
        self.golden = golden
        self.folder = folder
        let family = Kandinsky22Family()
        let files = try GenerationError.naming(folder.lastPathComponent) {
            try ModelFolder(folder, layouts: family.layouts)
        }
        description = try ModelDescription(files, family: family)
        model = Kandinsky22Model(ComponentLoader(files, dtype: dtype, device: device, channelsLast: false))
    }

    func replay(_ name: String, _ call: JSON, _ limits: ConformanceLimits) throws -> ConformanceReport.Run {
        let pipeline = call["pipeline"]?.string ?? ""
        var run = ConformanceReport.Run(name: name, subject: pipeline)
        for mode in [Check.Mode.forced, .chained] {
            let tape = Tape(golden, run: name, mode, limits)
            let noise = try tape.noise
            switch pipeline {
            case "KandinskyV22PriorPipeline": try replayPrior(call, tape, noise)
            case "KandinskyV22PriorPipeline.interpolate": try replayInterpolation(call, tape, noise)
            default: try replayDecoder(call, tape, noise)
            }
            run.checks += tape.checks
            run.unusedDraws = max(run.unusedDraws, noise.remaining)
            run.unchecked = tape.unchecked(after: run.checks)
        }
        return run
    }

    // MARK: The prior

    private func replayPrior(_ call: JSON, _ tape: Tape, _ noise: RecordedNoise) throws {
        let run = try prior(call, prompt: try text(call, "prompt"), tape.observer(renaming: Self.priorNames()), noise)
        _ = try run.imageEmbeddings()
        _ = try run.negativeEmbeddings()
    }

    /// The weighted sum of texts' and pictures' embeddings; then the prior once more for the empty text, of which only
    /// the zero embedding is used.
    private func replayInterpolation(_ call: JSON, _ tape: Tape, _ noise: RecordedNoise) throws {
        let sources = call["images_and_prompts"]?.array?.compactMap(\.string) ?? []
        let weights = call["weights"]?.array?.compactMap(\.double) ?? []
        guard sources.count == weights.count, !sources.isEmpty else {
            throw ConformanceError(.malformedCall, "images_and_prompts and weights should be as many")
        }
        var encoded = 0
        var steps = 0
        var texts = 0
        func text(_ prompt: String) throws -> (positive: Tensor, negative: Tensor) {
            let names = Self.priorNames(text: texts, firstStep: steps, encoderCall: encoded, embeds: nil)
            let run = try prior(call, prompt: prompt, tape.observer(renaming: names), noise)
            let embeds = (try run.imageEmbeddings(), try run.negativeEmbeddings())
            texts += 2
            encoded += 1
            steps += call["num_inference_steps"]?.int ?? 25
            return embeds
        }
        var sum: Tensor?
        for (source, weight) in zip(sources, weights) {
            let embeds: Tensor
            if FileManager.default.fileExists(atPath: folder.appending(path: source).path) {
                let names = Self.priorNames(encoderCall: encoded)
                embeds = try model.imageEmbeds([picture(source, of: call)], tape.observer(renaming: names))
                encoded += 1
            } else {
                embeds = try text(source).positive
            }
            sum = sum.map { $0 + weight * embeds } ?? weight * embeds
        }
        if let sum { _ = try tape.observer("image_embeds", sum) }
        _ = try tape.observer("negative_image_embeds", text("").negative)
    }

    private func prior(
        _ call: JSON, prompt: String, _ observe: RunObserver, _ noise: RecordedNoise
    ) throws -> Kandinsky22Run {
        var plan = try plan("prior", call)
        plan.negative = call["negative_prompt"]?.string ?? ""
        plan.subjects = [Subject(prompt: prompt, embedding: .text(prompt))]
        plan.texts = .prior
        let run = try Kandinsky22Run(plan, model, observe, zeroEmbeds: model.computedZeroEmbeds)
        guard let stage = plan.stages.first else { return run }
        let solver = try stage.diffusing().solver()
        _ = try observe("prior/timesteps", Tensor(solver.steps.map(\.timestep)))
        let loop = SamplingLoop(
            stage: stage.name, solver: solver, denoiser: try run.denoiser(for: stage, known: nil), noise: noise,
            hooks: [observe.hook(stage: stage.name)].compactMap { $0 })
        try run.finish(stage, try loop.run(shape: [run.batch(of: stage)] + stage.space.shape, device: model.device))
        return run
    }

    /// The fixture's names of what a run of the prior shows.
    ///
    /// - Parameters:
    ///   - text: how many texts were encoded before.
    ///   - embeds: what the result is called; nil where it is no result of the recorded call.
    private static func priorNames(
        text: Int = 0, firstStep: Int = 0, encoderCall: Int = 0, embeds: String? = ""
    ) -> (String) -> String? {
        let numbers = ["prompt": text, "uncond": text + 1]
        return { name in
            var parts = name.split(separator: "/").map(String.init)
            switch parts[0] {
            case "prior" where parts.count > 1 && parts[1].hasPrefix("step"):
                let step = (Int(parts[1].dropFirst(4)) ?? 0) + firstStep
                return ([numbered("step", step)] + parts.dropFirst(2)).joined(separator: "/")
            case "prior" where parts.count == 2:
                return firstStep == 0 ? parts[1] : nil
            case "prior":
                return firstStep == 0 ? name : nil
            case "text" where parts.count == 3:
                if text > 0, let number = numbers[parts[1]] { parts[1] = "x\(number)" }
                return parts.joined(separator: "/")
            case "text":
                return text == 0 ? name : nil
            case "image_encoder":
                return "image_encoder/call\(encoderCall)/\(parts[1])"
            default:
                return embeds.map { $0 + name }
            }
        }
    }

    // MARK: The decoder

    private func replayDecoder(_ call: JSON, _ tape: Tape, _ noise: RecordedNoise) throws {
        let source = try text(call, "embeds_from")
        let observe = tape.observer(renaming: Self.decoderNames)
        var plan = try plan("decoder", call)
        plan.picturesPerSubject = call["num_images_per_prompt"]?.int ?? 1
        let stage = plan.stages[0]
        let run = try Kandinsky22Run(
            plan, model, observe, given: golden.tensor("\(source)/image_embeds"),
            zeroEmbeds: { _ in try golden.tensor("\(source)/negative_image_embeds") })
        let solver = try stage.diffusing().solver()
        let known = try known(call, stage, run, tape.observer)
        let draw = try noise.next("init", [plan.count] + stage.space.shape).to(model.device)
        var initial = Double(solver.initialNoiseScale) * draw
        if let picture = known?.start, let first = solver.steps.first { initial = first.level.mix(picture, draw) }
        _ = try observe("decoder/timesteps", Tensor(try timesteps(stage)))
        let keeping = known?.sample.map { StepHook.keeping($0.picture, where: $0.mask) { _ in draw } }
        let loop = SamplingLoop(
            stage: stage.name, solver: solver, denoiser: try run.denoiser(for: stage, known: known?.sample),
            noise: noise, hooks: [observe.hook(stage: stage.name), keeping].compactMap { $0 })
        try run.finish(stage, try loop.run(from: initial))
        _ = try observe("image", try run.pictures().unitPictures)
    }

    private static func decoderNames(_ name: String) -> String? {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        switch parts[0] {
        case "decoder": return parts[1]
        case "inpaint_unet": return "unet/" + parts[1]
        default: return name
        }
    }

    /// All of the schedule's, also those that a run from a picture leaves out.
    private func timesteps(_ stage: Stage) throws -> [Double] {
        var whole = try stage.diffusing()
        whole.run.skipped = 0
        return try whole.solver().steps.map(\.timestep)
    }

    /// A picture that a decoder's run begins with or keeps, in its latents.
    private func known(
        _ call: JSON, _ stage: Stage, _ run: Kandinsky22Run, _ observe: RunObserver
    ) throws -> (start: Tensor?, sample: KnownSample?)? {
        guard let name = call["image"]?.string, let size = stage.space.pictureSize else { return nil }
        let seen = try picture(name, of: call).reducedAndResized(width: size.width, height: size.height)
        guard let maskName = call["mask_image"]?.string else {
            return (try run.encode(seen.signedTensor.to(model.device), for: stage), nil)
        }
        let mask = try InpaintingMask(picture(maskName, of: call), size: size, latents: stage.space.shape)
        let latents = try run.encode(seen.signedTensor.to(model.device), for: stage)
        return (nil, KnownSample(picture: latents, mask: mask.prepared.to(model.device), isConditioned: true))
    }

    // MARK: Calls

    /// A plan with the one stage, as the recorded call runs it.
    private func plan(_ name: String, _ call: JSON) throws -> GenerationPlan {
        guard let known = description.stages.first(where: { $0.declared.name == name }) else {
            throw ConformanceError(.malformedCall, "the fixture has no \(name)")
        }
        let pipeline = call["pipeline"]?.string ?? ""
        let isInpainting = pipeline.contains("Inpaint")
        let network = isInpainting ? known.declared.knownNetwork ?? known.declared.network : known.declared.network
        let steps = call["num_inference_steps"]?.int ?? known.declared.steps
        let skipped = call["strength"]?.double.map { steps - min(Int(Double(steps) * $0), steps) } ?? 0
        let guidance = call["guidance_scale"]?.double ?? known.declared.guidance
        let stage = Stage(
            name: name, role: known.declared.role, network: network, lastNetwork: network,
            space: space(known.space, call, isTransposed: pipeline.contains("Img2Img")),
            sampler: .diffusion(
                DiffusionSampling(try scheduler(call, known), RunOptions(steps: steps, skipped: skipped))),
            guidance: guidance.flatMap { $0 > 1 ? $0 : nil })
        return GenerationPlan(
            subjects: [Subject(prompt: "", embedding: .text(""))], negative: "", picturesPerSubject: 1,
            noise: .seeded([]), stages: [stage], size: PictureSize(square: 1))
    }

    private func scheduler(_ call: JSON, _ known: StageDescription) throws -> SchedulerConfig {
        if let recorded = call["scheduler"] { return try SchedulerConfig(recorded: recorded) }
        guard case .diffusion(let scheduler) = known.sampler else {
            throw ConformanceError(.malformedCall, "the stage \(known.declared.name) has no scheduler")
        }
        return scheduler
    }

    /// - Parameter isTransposed: the reference's image-to-image pipeline takes height for width.
    private func space(_ space: SampleSpace, _ call: JSON, isTransposed: Bool) -> SampleSpace {
        guard case .latents(let channels, _, _, let factor) = space, let height = call["height"]?.int,
            let width = call["width"]?.int
        else { return space }
        func latents(_ side: Int) -> Int { (side + factor * factor - 1) / (factor * factor) * factor }
        let (high, wide) = (latents(height), latents(width))
        return .latents(
            channels: channels, height: isTransposed ? wide : high, width: isTransposed ? high : wide, factor: factor)
    }

    /// The one text of an argument.
    private func text(_ call: JSON, _ key: String) throws -> String {
        let texts = RecordedCall(call, folder: folder).texts(key)
        guard let text = texts.first, texts.count == 1 else {
            throw ConformanceError(.malformedCall, "\(key) should be one text; it is \(texts.count)")
        }
        return text
    }

    private func picture(_ name: String, of call: JSON) throws -> ImageBuffer {
        try RecordedCall(call, folder: folder).picture(name)
    }

    func checkRest(_ limits: ConformanceLimits) throws -> [ConformanceReport.Run] {
        try Kandinsky22LayerReplay(golden, model, limits).replay()
    }
}

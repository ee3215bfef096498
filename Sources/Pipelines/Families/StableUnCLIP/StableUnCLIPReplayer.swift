import Checkpoints
import Diffusion
import Foundation
import ImageGeneration
import Torch

/// Replays recorded runs of diffusers' Stable unCLIP pipelines, whose folders lie in the fixture's.
final class StableUnCLIPReplayer: Replayer {
    private let golden: GoldenSet
    private let folder: URL
    private let models: [String: (description: ModelDescription, model: StableUnCLIPModel)]

    static func claims(_ call: JSON) -> Bool {
        StableUnCLIPFamily().pipelines.contains(call["pipeline"]?.string ?? "")
    }

    init(_ golden: GoldenSet, folder: URL, dtype: DType, device: Device) throws {
        self.golden = golden
        self.folder = folder
        let family = StableUnCLIPFamily()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let folders = try names.map { folder.appending(path: $0) }.filter { ModelFolder.exists(at: $0) }
            .map { try ModelFolder($0) }
        models = try Dictionary(
            folders.filter { family.pipelines.contains($0.pipelineClass) }.map { files in
                let components = ComponentLoader(files, dtype: dtype, device: device)
                let description = try ModelDescription(files, family: family)
                return (files.pipelineClass, (description, StableUnCLIPModel(components)))
            }, uniquingKeysWith: { first, _ in first })
    }

    func replay(_ name: String, _ call: JSON, _ limits: ConformanceLimits) throws -> ConformanceReport.Run {
        let pipeline = call["pipeline"]?.string ?? ""
        guard let (description, model) = models[pipeline] else {
            throw ConformanceError(
                .malformedCall, "the run \(name) needs the model of a \(pipeline), which is not there")
        }
        let plan = try plan(name, RecordedCall(call, folder: folder), description)
        // The reference begins with one noised embedding for all pictures of a prompt if it is a picture's.
        let sharing = pipeline == "StableUnCLIPImg2ImgPipeline" ? plan.picturesPerSubject : 1
        var run = ConformanceReport.Run(name: name, subject: pipeline)
        for mode in [Check.Mode.forced, .chained] {
            let tape = Tape(golden, run: name, mode, limits)
            let noise = try tape.noise
            _ = try plan.run(
                on: model, noise: SharedEmbeddingNoise(noise, sharing), observe: observer(tape.observer, sharing))
            run.checks += tape.checks
            run.unusedDraws = max(run.unusedDraws, noise.remaining)
            run.unchecked = tape.unchecked(after: run.checks)
        }
        return run
    }

    private func plan(
        _ name: String, _ call: RecordedCall, _ description: ModelDescription
    ) throws -> GenerationPlan {
        let arguments = call.arguments
        let task: ImageTask =
            if let picture = try call.pictures().first { .variation(Variation(of: picture)) } else {
                .textToImage(prompt: "recorded")
            }
        var plan = try Pipelines.plan(for: ImageRequest(task), seed: 0, model: description)
        try call.fill(&plan, run: name)
        for index in plan.stages.indices {
            let prefix = plan.stages[index].role == .prior ? "prior_" : ""
            if let steps = arguments["\(prefix)num_inference_steps"]?.int {
                plan.stages[index].diffusion?.run.steps = steps
            }
            let scale = arguments["\(prefix)guidance_scale"]?.double ?? plan.stages[index].guidance
            plan.stages[index].guidance = scale.flatMap { $0 > 1 ? $0 : nil }
            guard case .latents(let channels, let height, let width, let factor) = plan.stages[index].space else {
                continue
            }
            plan.stages[index].diffusion?.run.eta = arguments["eta"]?.double ?? 0
            plan.stages[index].noiseLevel = arguments["noise_level"]?.int ?? 0
            plan.stages[index].space = .latents(
                channels: channels, height: arguments["height"]?.int.map { $0 / factor } ?? height,
                width: arguments["width"]?.int.map { $0 / factor } ?? width, factor: factor)
        }
        return plan
    }

    /// Calls the values as the recording does.
    private func observer(_ observe: RunObserver, _ sharing: Int) -> RunObserver {
        RunObserver { name, value in
            let name = Self.recordedName(name)
            guard sharing > 1, name.hasPrefix("noise_aug/") else { return try observe(name, value) }
            let first = value.slice(dim: 0, start: 0, end: value.size(0), step: sharing)
            return try observe(name, first).repeatInterleave(sharing, dim: 0)
        }
    }

    private static func recordedName(_ name: String) -> String {
        var parts = name.split(separator: "/").map(String.init)
        if parts[0] == "decoder" { parts[0] = "unet" }
        if parts[0] == "image", parts.count > 1 { parts[0] = "image_encoder" }
        if parts.count == 3, parts[0] == "unet", parts[2] == "raw" { parts = ["unet", "raw" + parts[1].dropFirst(4)] }
        return parts.joined(separator: "/")
    }

    func checkRest(_ limits: ConformanceLimits) throws -> [ConformanceReport.Run] {
        [try RecordedCall.decodedPicture(of: golden, folder: folder)].filter { !$0.checks.isEmpty }
    }
}

/// Recorded draws, of which those for image embeddings serve several pictures each.
private final class SharedEmbeddingNoise: NoiseSource {
    private let source: any NoiseSource
    private let pictures: Int

    init(_ source: any NoiseSource, _ pictures: Int) {
        self.source = source
        self.pictures = pictures
    }

    func next(_ label: String, _ shape: [Int]) throws -> Tensor {
        guard label == "image_embedding_noise", let rows = shape.first else { return try source.next(label, shape) }
        return try source.next(label, [rows / pictures] + shape.dropFirst()).repeatInterleave(pictures, dim: 0)
    }
}

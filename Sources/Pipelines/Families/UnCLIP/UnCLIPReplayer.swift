import Checkpoints
import Diffusion
import Foundation
import ImageGeneration
import Imaging
import Torch

/// Replays recorded runs of diffusers' unCLIP pipelines through the product's own planner and run, twice: with each
/// step's recorded inputs, and from the recorded noise alone.
struct UnCLIPReplayer: Replayer {
    private let golden: GoldenSet
    private let folder: URL
    private let description: ModelDescription
    private let model: UnCLIPModel

    static func claims(_ call: JSON) -> Bool {
        UnCLIPFamily().pipelines.contains(call["pipeline"]?.string ?? "")
    }

    init(_ golden: GoldenSet, folder: URL, dtype: DType, device: Device) throws {
        self.golden = golden
        self.folder = folder
        let files = try GenerationError.naming(folder.lastPathComponent) { try ModelFolder(folder) }
        description = try ModelDescription(files, family: UnCLIPFamily())
        model = UnCLIPModel(ComponentLoader(files, dtype: dtype, device: device))
    }

    func replay(_ name: String, _ call: JSON, _ limits: ConformanceLimits) throws -> ConformanceReport.Run {
        let plan = try plan(name, call)
        var run = ConformanceReport.Run(name: name, subject: call["pipeline"]?.string ?? "")
        for mode in [Check.Mode.forced, .chained] {
            let tape = Tape(golden, run: name, mode, limits)
            let noise = try tape.noise
            _ = try plan.run(on: model, noise: noise, observe: tape.observer)
            run.checks += tape.checks
            run.unusedDraws = max(run.unusedDraws, noise.remaining)
            run.unchecked = tape.unchecked(after: run.checks)
        }
        return run
    }

    /// The plan of the same request, with the recorded call's prompts.
    private func plan(_ name: String, _ call: JSON) throws -> GenerationPlan {
        let recorded = RecordedCall(call, folder: folder)
        let pictures = try recorded.pictures()
        let task: ImageTask =
            if let picture = pictures.first { .variation(Variation(of: picture)) } else {
                // The planner refuses an empty prompt; a recorded one is put in afterwards.
                .textToImage(prompt: "recorded")
            }
        var plan = try Pipelines.plan(
            for: ImageRequest(task, size: largest, stages: settings(call)), seed: 0, model: description)
        try recorded.fill(&plan, run: name)
        return plan
    }

    private var largest: PictureSize? { description.stages.compactMap(\.space.pictureSize).last }

    /// Steps and scales, by the reference's argument names.
    private func settings(_ call: JSON) -> [String: StageSettings] {
        let stages = description.stages.map(\.declared)
        return Dictionary(
            uniqueKeysWithValues: stages.map { stage in
                (
                    stage.name,
                    StageSettings(
                        steps: call["\(stage.name)_num_inference_steps"]?.int,
                        guidance: stage.guidance == nil ? nil : call["\(stage.name)_guidance_scale"]?.double)
                )
            })
    }

    func checkRest(_ limits: ConformanceLimits) throws -> [ConformanceReport.Run] {
        [
            try UnCLIPLayerReplay(golden, model, limits).replay(),
            try RecordedCall.decodedPicture(of: golden, folder: folder),
        ].filter { !$0.checks.isEmpty || !$0.unchecked.isEmpty }
    }
}

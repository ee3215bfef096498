import Diffusion
import Foundation
import ImageGeneration
import Imaging
import Torch

/// One plan being run for a request: in batches, with progress and previews, until it is cancelled. Lives on the
/// worker.
struct PlanExecution {
    let plan: GenerationPlan
    let model: any StageModel
    let options: LocalImageGenerator.Options
    /// How errors and the summary call the model.
    let name: String
    /// How many previews of each picture are wanted.
    let previews: Int
    let emit: (ImageEvent) -> Void

    /// - Throws: `CancellationError` at the first step after the task was cancelled.
    func run() throws -> GenerationSummary {
        try model.load(for: plan)
        for note in try model.notes(on: plan) { emit(.note(note)) }
        let parts = plan.parts(of: options.batch)
        let clock = StageClock(plan, batches: parts.count)
        for (first, part) in parts {
            let schedule = PreviewSchedule(part, count: previews)
            let pictures = try part.run(on: model, noise: part.seededNoise) { stage in
                [
                    .observing { outcome in
                        try Task.checkCancellation()
                        emit(.progress(clock.advance(stage, outcome.step)))
                        guard schedule.isDue(after: stage) else { return }
                        for (index, image) in try buffers(outcome.predictedPicture.unitPictures).enumerated() {
                            emit(.preview(index: first + index, image))
                        }
                    }
                ]
            }
            try checkFinite(pictures)
            for (index, image) in try buffers(pictures).enumerated() {
                let picture = try resized(image)
                emit(.picture(GeneratedPicture(index: first + index, seed: plan.seeds[first + index], image: picture)))
            }
        }
        return clock.summary(model: name, device: "\(options.device)", dtype: options.dtype.name)
    }

    private func checkFinite(_ pictures: Tensor) throws {
        guard try pictures.isFinite().logicalNot().any().item() == 0 else {
            throw GenerationError(
                .engineFailed,
                "\(name) gave numbers that are not finite in \(options.dtype.name); "
                    + (options.dtype == .float32 ? "its weights are damaged" : "use --dtype float32"))
        }
    }

    /// 8-bit pictures from (count, height, width, 3) in 0…1.
    private func buffers(_ pictures: Tensor) throws -> [ImageBuffer] {
        let (height, width) = (pictures.size(1), pictures.size(2))
        let samples = try (pictures * 255).round().to(.uint8).bytes()
        let each = height * width * 3
        return try (0..<pictures.size(0)).map { index in
            try ImageBuffer(
                width: width, height: height, channels: 3, samples: Array(samples[index * each..<(index + 1) * each]))
        }
    }

    /// At the asked size, where the last stage's is another.
    private func resized(_ image: ImageBuffer) throws -> ImageBuffer {
        guard (image.width, image.height) != (plan.size.width, plan.size.height) else { return image }
        return try image.resized(width: plan.size.width, height: plan.size.height, filter: .lanczos3)
    }
}

/// Spreads previews evenly over the steps that make pictures; none after the last one, which makes the picture itself.
private final class PreviewSchedule {
    private let intervals: Int
    private let steps: Int
    private var done = 0

    init(_ plan: GenerationPlan, count: Int) {
        intervals = count + 1
        steps = plan.stages.reduce(0) { $0 + ($1.space.pictureSize == nil ? 0 : $1.run.steps) }
    }

    /// Called after every step.
    func isDue(after stage: Stage) -> Bool {
        guard intervals > 1, stage.space.pictureSize != nil else { return false }
        done += 1
        return done < steps && done * intervals / steps > (done - 1) * intervals / steps
    }
}

extension GenerationPlan {
    var seeds: [UInt64] {
        switch noise {
        case .seeded(let seeds): seeds
        }
    }

    /// The plan in parts of at most `batch` pictures, with the index of each part's first picture.
    func parts(of batch: Int) -> [(first: Int, part: GenerationPlan)] {
        stride(from: 0, to: count, by: batch).map { first in
            var part = self
            part.picturesPerPrompt = min(batch, count - first)
            part.noise = .seeded(Array(seeds[first..<first + part.picturesPerPrompt]))
            return (first, part)
        }
    }
}

/// Measures the stages of a run, and how much of it is done.
final class StageClock {
    private let plan: GenerationPlan
    private let total: Int
    private var done = 0
    private var seconds: [String: Double] = [:]
    private let start = ContinuousClock.now
    private var last = ContinuousClock.now

    init(_ plan: GenerationPlan, batches: Int) {
        self.plan = plan
        total = batches * plan.stages.reduce(0) { $0 + $1.run.steps }
    }

    func advance(_ stage: Stage, _ step: SamplingStep) -> GenerationProgress {
        let now = ContinuousClock.now
        seconds[stage.name, default: 0] += (now - last) / .seconds(1)
        last = now
        done += 1
        return GenerationProgress(
            stage: stage.name, step: step.index + 1, steps: step.count,
            fraction: Double(done) / Double(max(1, total)))
    }

    func summary(model: String, device: String, dtype: String) -> GenerationSummary {
        GenerationSummary(
            model: model, device: device, dtype: dtype,
            stages: plan.stages.map {
                GenerationSummary.Stage(
                    name: $0.name, solver: SolverName($0.scheduler.kind).rawValue, steps: $0.run.steps,
                    guidance: $0.guidance, seconds: seconds[$0.name] ?? 0)
            }, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}

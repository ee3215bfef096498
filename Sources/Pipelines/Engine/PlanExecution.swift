import Diffusion
import Foundation
import ImageGeneration
import Imaging
import Torch

/// One plan being run: in batches, with progress and previews, until it is cancelled. Lives on the worker.
struct PlanExecution {
    let plan: GenerationPlan
    let model: any StageModel
    let options: LocalImageGenerator.Options
    /// How errors and the summary call the model.
    let name: String
    /// How many previews of each picture are wanted.
    let previews: Int
    /// `.picture` and `.preview` have the picture's index in the plan.
    let emit: (ImageEvent) -> Void

    /// - Throws: `CancellationError` at the first step after the task was cancelled.
    func run() throws -> GenerationSummary {
        if let note = try memoryNote() { emit(.note(note)) }
        try model.load(for: plan)
        for note in try model.notes(on: ScenePlan(plan)?.things ?? plan) { emit(.note(note)) }
        let parts = plan.parts(of: options.batch ?? plan.suitableBatch)
        let clock = StageClock(plan, batches: parts.count)
        for (pictures, part) in parts {
            let images = try plan.canvas.map { try painted(part, $0, pictures, clock) } ?? drawn(part, pictures, clock)
            for (index, image) in zip(pictures, images) {
                emit(.picture(GeneratedPicture(index: index, seed: plan.noise.seeds[index], image: image)))
            }
        }
        return clock.summary(model: name, device: "\(options.device)", dtype: options.dtype.name)
    }

    /// Before anything is read: whether there is memory for it, and how much of it is saved where that was asked for.
    private func memoryNote() throws -> GenerationNote? {
        guard let missing = try model.missingWeights(for: plan) else { return nil }
        let needs = missing.needs
        if model.device == .cpu, let free = SystemMemory.available, free < needs.bytes(missing.residency) {
            return .memoryIsShort(
                needed: needs.bytes(missing.residency), free: free,
                lowMemory: missing.residency == .one ? nil : needs.one)
        }
        guard missing.residency == .one, missing.isFirst else { return nil }
        return .lowMemory(needed: needs.one, otherwise: needs.all)
    }

    /// Pictures of which nothing is known.
    private func drawn(_ part: GenerationPlan, _ pictures: [Int], _ clock: StageClock) throws -> [ImageBuffer] {
        let schedule = PreviewSchedule(part, count: previews)
        let drawn = try part.run(
            on: model, noise: part.noiseSource,
            hooks: hooks(clock, schedule) { images in
                for (index, image) in zip(pictures, images) { emit(.preview(index: index, image)) }
            })
        return try buffers(drawn).map(resized)
    }

    /// Pictures that are known in part: frame after frame, each over what is there by then.
    private func painted(
        _ part: GenerationPlan, _ canvas: CanvasPlan, _ pictures: [Int], _ clock: StageClock
    ) throws -> [ImageBuffer] {
        let noise = part.noiseSource
        var canvases = pictures.map { _ in Canvas(canvas.picture, mask: canvas.mask, feather: canvas.feather) }
        for frame in canvas.frames {
            let schedule = PreviewSchedule(part, count: canvas.frames.count == 1 ? previews : 0)
            let before = canvases
            let drawn = try part.run(
                on: model, noise: noise, known: try known(in: frame, of: before, part, canvas),
                hooks: hooks(clock, schedule) { images in
                    for (index, (image, canvas)) in zip(pictures, zip(images, before)) {
                        var canvas = canvas
                        try canvas.paint(image, in: frame)
                        emit(.preview(index: index, try canvas.finished()))
                    }
                })
            for (index, image) in try buffers(drawn).enumerated() { try canvases[index].paint(image, in: frame) }
        }
        return try canvases.map { try $0.finished() }
    }

    /// What the canvases show in a frame, at the size of the last stage.
    private func known(
        in frame: Frame, of canvases: [Canvas], _ part: GenerationPlan, _ plan: CanvasPlan
    ) throws -> KnownRegion {
        guard let side = part.stages.last?.space.pictureSize?.width else { throw PlanError("no stage makes pictures") }
        let views = try canvases.map { try $0.view(of: frame, side: side) }
        return KnownRegion(
            pictures: Tensor.cat(views.map { $0.picture.signedTensor.to(model.device) }, dim: 0), mask: views[0].mask,
            travel: plan.travel, isConditioned: plan.isConditioned)
    }

    /// Progress, cancelling and previews.
    private func hooks(
        _ clock: StageClock, _ schedule: PreviewSchedule, show: @escaping ([ImageBuffer]) throws -> Void
    ) -> RunHooks {
        RunHooks { stage, phase, view in
            [
                .observing { outcome in
                    try Task.checkCancellation()
                    emit(.progress(clock.advance(stage, outcome.step)))
                    guard phase == .drawing, schedule.isDue(after: stage) else { return }
                    try show(try buffers(view(outcome.predictedPicture).unitPictures))
                }
            ]
        }
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
        try checkFinite(pictures)
        return try pictures.imageBuffers()
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
        steps = plan.stages.reduce(0) { $0 + ($1.space.pictureSize == nil ? 0 : plan.stepsTaken(in: $1)) }
    }

    /// Called after every step.
    func isDue(after stage: Stage) -> Bool {
        guard intervals > 1, stage.space.pictureSize != nil else { return false }
        done += 1
        return done < steps && done * intervals / steps > (done - 1) * intervals / steps
    }
}

extension GenerationPlan {
    /// The plan in parts of at most `batch` pictures, each with its pictures' indices.
    func parts(of batch: Int) -> [(pictures: [Int], part: GenerationPlan)] {
        stride(from: 0, to: count, by: batch).map { first in
            let pictures = Array(first..<min(first + batch, count))
            return (pictures, part(pictures))
        }
    }

    /// How many pictures are drawn together unless it is said: a token costs the reading of all weights, however many
    /// pictures it is drawn for. Of pictures with candidates, or whose things are drawn one by one, no more than there is
    /// memory for.
    var suitableBatch: Int {
        let together = stages.allSatisfy { if case .tokens = $0.sampler { true } else { false } } ? 9 : 4
        let candidates = stages.filter(\.role.makesPictures).map(\.candidates).max() ?? 1
        let kinds = subjects.map { $0.scene?.kinds.count ?? 1 }.max() ?? 1
        return max(1, min(together, 16 / (candidates * kinds)))
    }

    /// The plan of some of its pictures, in ascending order.
    private func part(_ pictures: [Int]) -> GenerationPlan {
        var part = self
        let owners = pictures.map { $0 / picturesPerSubject }
        if let first = owners.first, owners.allSatisfy({ $0 == first }) {
            part.subjects = [subjects[first]]
            part.picturesPerSubject = pictures.count
        } else {
            part.subjects = owners.map { subjects[$0] }
            part.picturesPerSubject = 1
        }
        part.noise = noise.of(pictures)
        return part
    }

    /// Steps of a stage, those included that are walked again, and those back to a picture's noise.
    func stepsTaken(in stage: Stage) -> Int {
        guard stage.space.pictureSize != nil, let canvas else { return stage.steps }
        return canvas.travel.stepsTaken(of: stage.steps)
    }
}

extension CanvasPlan {
    var travel: TimeTravel { resampling.map { TimeTravel(length: $0.length, repeats: $0.repeats) } ?? .none }
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
        let inverting = plan.inversion == nil ? 0 : plan.stages.filter(\.role.drawsFromNoise).map(\.steps).reduce(0, +)
        total =
            batches * (plan.canvas?.frames.count ?? 1)
            * (inverting + plan.stages.reduce(0) { $0 + plan.stepsTaken(in: $1) })
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
                    name: $0.name, solver: $0.sampler.name, steps: $0.steps,
                    guidance: $0.guidance, seconds: seconds[$0.name] ?? 0)
            }, seconds: (ContinuousClock.now - start) / .seconds(1))
    }
}

import ImageGeneration
import Store

/// Lets an engine draw parts of jobs together, tells what happens, and keeps the pictures while the next ones are drawn.
struct BatchDrawing: Sendable {
    struct Part: Sendable {
        var job: QueuedJob
        var part: DrawingPart
    }

    let lane: Int
    let generator: any ImageGenerator
    let queue: JobQueue
    let hub: EventHub
    let keeper: PictureKeeper

    /// - Throws: what the engine or the store throws; `CancellationError` where the task was cancelled.
    func draw(_ parts: [Part]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            if parts.count == 1 {
                for try await event in generator.generate(parts[0].part.request) {
                    await handle(event, of: parts[0], in: &group)
                }
            } else {
                for try await event in generator.generate(together: parts.map(\.part.request)) {
                    await handle(event.event, of: parts[event.request], in: &group)
                }
            }
            try Task.checkCancellation()
            try await group.waitForAll()
        }
    }

    private func handle(
        _ event: ImageEvent, of part: Part, in group: inout ThrowingTaskGroup<Void, any Error>
    ) async {
        let job = part.job.job
        switch event {
        case .picture(let picture):
            group.addTask { try await keeper.keep(picture, at: part.part.indices[picture.index], of: part.job) }
        case .loading:
            await progress(JobStatus.Progress(stage: "loading", fraction: 0), of: job)
        case .progress(let progress):
            await self.progress(JobStatus.Progress(stage: progress.stage, fraction: progress.fraction), of: job)
        case .preview(let index, let image):
            guard await keeper.mayShow(image) else { return }
            let index = part.part.indices[index]
            let number = hub.countPreview(of: job.id, index: index)
            hub.publish(.preview(index: index, number: number, image), of: job.id)
        case .note(let note):
            hub.publish(.note("\(note)"), of: job.id)
        case .queued, .finished:
            break
        }
    }

    private func progress(_ progress: JobStatus.Progress, of job: Job) async {
        await queue.progress(lane, progress)
        if hub.isFollowed(job.id, owner: job.owner) {
            hub.publish(.status(await queue.status(of: job)), of: job.id)
        }
    }
}

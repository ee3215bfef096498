import Foundation
import ImageGeneration
import Logging
import Store

/// A device that draws, with the models that it has.
public struct Engine: Sendable {
    public var name: String
    public var generator: any ImageGenerator
    /// How many pictures of several jobs are drawn together at most.
    public var batchLimit: Int
    /// Seconds without work after which the models' memory is given back; nil for never.
    public var unloadAfter: TimeInterval?

    public init(name: String, generator: any ImageGenerator, batchLimit: Int = 8, unloadAfter: TimeInterval? = nil) {
        self.name = name
        self.generator = generator
        self.batchLimit = batchLimit
        self.unloadAfter = unloadAfter
    }
}

/// Takes jobs from the queue and draws them, batch after batch, on one device.
struct JobRunner: Sendable {
    let lane: Int
    let engine: Engine
    let store: any DataStore
    let queue: JobQueue
    let hub: EventHub
    let keeper: PictureKeeper
    let catalog: ModelCatalog
    let clock: WallClock
    let logger: Logger
    /// Called for each job that ended.
    let ended: @Sendable (Job) async -> Void

    func run() async {
        var isLoaded = false
        while true {
            let models = await catalog.models(of: lane)
            let next = await queue.next(
                lane: lane, limit: engine.batchLimit, models: models,
                idleAfter: isLoaded ? engine.unloadAfter : nil)
            switch next {
            case .stop:
                return
            case .idle:
                await engine.generator.unload()
                await catalog.noteUnloaded(lane)
                isLoaded = false
            case .batch(let jobs):
                await work(on: jobs)
                if let model = jobs.first?.job.model { await catalog.noteWarm(model, lane: lane) }
                isLoaded = true
            }
        }
    }

    /// Draws jobs together, and each to its end.
    private func work(on jobs: [QueuedJob]) async {
        var drawn = 0
        do {
            let claimed = try await store.claim(jobs.map(\.job.id), now: clock.now())
            var batch: [QueuedJob] = []
            for var queued in jobs {
                guard let job = claimed.first(where: { $0.id == queued.job.id }) else { continue }
                queued.job = job
                batch.append(queued)
                hub.publish(.status(await queue.status(of: job)), of: job.id)
            }
            let task = Task { [batch] in await draw(batch) }
            await queue.begin(lane) { task.cancel() }
            drawn = await task.value
        } catch {
            logger.error("jobs cannot be taken from the store", metadata: ["error": "\(error)"])
            await queue.end(lane, drawn: 0)
            try? await Task.sleep(for: .seconds(1))
            await queue.enqueue(jobs)
            return
        }
        await queue.end(lane, drawn: drawn)
    }

    private struct Prepared: Sendable {
        var queued: QueuedJob
        var parts: [DrawingPart]
    }

    /// - Returns: how many pictures were drawn.
    private func draw(_ batch: [QueuedJob]) async -> Int {
        var ready: [Prepared] = []
        for queued in batch {
            do {
                ready.append(try await prepare(queued, mayBeBegun: queued.job.attempts > 1))
            } catch {
                await end(queued.job, with: error)
            }
        }
        let drawing = BatchDrawing(lane: lane, generator: engine.generator, queue: queue, hub: hub, keeper: keeper)
        let isBatch = ready.count > 1 && ready.allSatisfy { $0.parts.count == 1 }
        let isDone = isBatch ? await drawTogether(ready, drawing) : false
        if !isDone {
            for job in ready { await drawAlone(job, drawing, afresh: isBatch) }
        }
        return ready.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.indices.count } }
    }

    /// - Returns: false where the jobs have to be drawn one by one: any of them may be the cause of a failure.
    private func drawTogether(_ ready: [Prepared], _ drawing: BatchDrawing) async -> Bool {
        var failure: (any Error)?
        do {
            try await drawing.draw(ready.flatMap { job in job.parts.map { .init(job: job.queued, part: $0) } })
        } catch {
            guard error is CancellationError || Task.isCancelled else {
                logger.info("a batch failed and is drawn one by one", metadata: ["error": "\(error)"])
                return false
            }
            failure = CancellationError()
        }
        for job in ready { await end(job.queued.job, with: failure) }
        return true
    }

    /// - Parameter afresh: whether pictures may have been drawn since the job was prepared.
    private func drawAlone(_ job: Prepared, _ drawing: BatchDrawing, afresh: Bool) async {
        do {
            let parts = afresh ? try await prepare(job.queued, mayBeBegun: true).parts : job.parts
            for part in parts { try await drawing.draw([.init(job: job.queued, part: part)]) }
            await end(job.queued.job, with: nil)
        } catch {
            await end(job.queued.job, with: Task.isCancelled ? CancellationError() : error)
        }
    }

    private func prepare(_ queued: QueuedJob, mayBeBegun: Bool) async throws -> Prepared {
        let pictures = try await keeper.load(queued.request.inputs, owner: queued.job.owner)
        let request = try queued.request.imageRequest(pictures)
        let done = mayBeBegun ? try await store.doneIndices(of: queued.job.id) : []
        return Prepared(queued: queued, parts: DrawingPart.remaining(of: request, done: done))
    }

    private func end(_ job: Job, with error: (any Error)?) async {
        do {
            switch error {
            case nil: try await finish(job, as: .drawn)
            case is CancellationError where await queue.isStopping:
                try await store.handBack([job.id], attempted: false)
            case is CancellationError: try await finish(job, as: .cancelled)
            case let error?: try await finish(job, as: .failed(failure(error)))
            }
        } catch {
            logger.error(
                "the end of a job cannot be stored", metadata: ["job": "\(job.id)", "error": "\(error)"])
        }
    }

    private func finish(_ job: Job, as end: JobEnd) async throws {
        guard let job = try await store.finish(job.id, as: end, now: clock.now()) else { return }
        hub.publish(.status(JobStatus(job: job)), of: job.id)
        await ended(job)
    }

    private func failure(_ error: any Error) -> Job.Failure {
        switch error {
        case let error as GenerationError:
            return Job.Failure(kind: error.kind.rawValue, message: error.message)
        case let error as JobError:
            return Job.Failure(kind: "invalid_request", message: "\(error)")
        default:
            logger.error("a job failed", metadata: ["error": "\(error)"])
            return Job.Failure(kind: "server_error", message: "the server had a fault while it drew; try again")
        }
    }
}

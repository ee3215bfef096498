import Foundation
import ImageGeneration
import Logging
import Store

/// How jobs are handled.
public struct JobOptions: Sendable {
    /// Jobs of all accounts that may wait at once.
    public var queueLimit = 1000
    /// How often the work on a job is begun when the process dies over it.
    public var attempts = 3
    /// How long a queued job that somebody waits for is kept when they have gone.
    public var grace = Duration.seconds(5)
    /// How long a running job that somebody waited for goes on when they have gone and are to come back: longer than a
    /// client pauses before it asks again.
    public var returnGrace = Duration.seconds(3)
    /// How long after its end a job can still be taken by a client that asks again.
    public var joinLife: TimeInterval = 60
    public var retention = Retention()
    /// Bytes of the disk that stay free: below, nothing is taken in.
    public var diskReserve = 1 << 30

    public init() {}
}

/// The queue of jobs: takes them in for good, draws them in turn, tells how they go, and keeps what they made.
///
/// A job that `submit` has returned is in the store: a crash loses none, and at the next start those that were being drawn
/// are queued again, without the pictures that were done.
public final class Jobs: Sendable {
    let store: any DataStore
    let limits: Limits
    let options: JobOptions
    let clock: WallClock
    let logger: Logger
    let hub = EventHub()
    let queue: JobQueue
    let catalog: ModelCatalog
    let keeper: PictureKeeper
    let attendance: Attendance
    let disk: DiskSpace
    private let engines: [Engine]
    private let running = RunningTasks()

    /// - Parameters:
    ///   - engines: one for each device.
    ///   - screen: what looks at drawn pictures before anybody sees them.
    ///   - folder: the data folder, whose disk must not fill up.
    public init(
        store: any DataStore, engines: [Engine], limits: Limits, screen: (any PictureScreen)? = nil, folder: URL,
        options: JobOptions = JobOptions(), clock: WallClock = .system, logger: Logger
    ) {
        self.store = store
        self.engines = engines
        self.limits = limits
        self.options = options
        self.clock = clock
        self.logger = logger
        let queue = JobQueue(hub: hub, clock: clock)
        self.queue = queue
        catalog = ModelCatalog(engines: engines)
        keeper = PictureKeeper(
            store: store, hub: hub, screen: screen, clock: clock, life: options.retention.pictures)
        disk = DiskSpace(folder: folder, reserve: options.diskReserve, clock: clock)
        attendance = Attendance(
            grace: options.grace, returnGrace: options.returnGrace, isRunning: { await queue.isRunning($0) },
            abandon: { [store, hub, clock] job in
                await JobCancellation(store: store, queue: queue, hub: hub, clock: clock).cancel(job)
            })
    }

    // MARK: Life

    /// Puts the store in order after a crash, queues what waits there, and begins to draw.
    /// - Throws: `StoreError`, `GenerationError` where an engine does not answer.
    public func start() async throws {
        try await catalog.refresh()
        let failed = try await store.recover(
            attempts: options.attempts,
            failure: Job.Failure(
                kind: "server_error", message: "the server stopped \(options.attempts) times while it drew this"),
            now: clock.now())
        for job in failed {
            logger.warning("a job failed: it ended the server too often", metadata: ["job": "\(job.id)"])
        }
        try await store.collectGarbage()
        await queue.enqueue(try await waitingJobs())
        for (lane, engine) in engines.enumerated() {
            let runner = JobRunner(
                lane: lane, engine: engine, store: store, queue: queue, hub: hub, keeper: keeper, catalog: catalog,
                clock: clock, logger: logger,
                ended: { [weak self] in await self?.ended($0) })
            running.startRunner { await runner.run() }
        }
        let sweeper = Sweeper(store: store, retention: options.retention, clock: clock, logger: logger)
        running.start { await sweeper.run() }
    }

    private func waitingJobs() async throws -> [QueuedJob] {
        var waiting: [QueuedJob] = []
        for job in try await store.activeJobs(of: nil) {
            guard let request = try? JobRequest(json: job.request) else {
                _ = try await store.finish(
                    job.id, as: .failed(.init(kind: "server_error", message: "the stored request is damaged")),
                    now: clock.now())
                continue
            }
            hub.open(job.id, owner: job.owner)
            for picture in try await store.pictures(of: job.id) { hub.publish(.picture(picture), of: job.id) }
            waiting.append(queued(job, request))
        }
        return waiting
    }

    func queued(_ job: Job, _ request: JobRequest) -> QueuedJob {
        // Requests that are drawn together name no pictures, so their key needs none.
        let key = request.inputs.isEmpty ? try? request.imageRequest([:]).batchKey : nil
        return QueuedJob(job: job, request: request, batchKey: key)
    }

    /// Takes nothing more in, lets what runs come to its end for a while, and puts the rest back into the queue of the
    /// next start.
    public func shutDown(within time: Duration) async {
        await queue.stop()
        let deadline = Task {
            try await Task.sleep(for: time)
            await queue.cancelAll()
        }
        await running.waitForRunners()
        deadline.cancel()
        running.cancelAll()
    }

    private func ended(_ job: Job) async {
        await attendance.detach(job.id)
        forget(job.id)
    }

    /// Forgets a job that ended, when its readers had time to come to the end.
    func forget(_ job: Job.ID) {
        Task { [hub] in
            repeat { try? await Task.sleep(for: .seconds(15)) } while hub.isFollowed(.job(job))
            hub.close(job)
        }
    }

    // MARK: Models

    /// All models that can be asked for, the default one first.
    public func models() async -> [ServedModel] { await catalog.all }

    /// A model by name, or with nil the default one.
    /// - Throws: `GenerationError` of kind `.unknownModel`.
    public func model(_ name: String?, for task: TaskKind? = nil) async throws -> ServedModel {
        try await catalog.model(name, for: task)
    }

    /// Why no job can be taken in and drawn now; nil where one can.
    public func obstacle() async -> Obstacle? {
        if await queue.isStopping { return .shuttingDown }
        if running.runners == 0 { return .noWorker }
        if await catalog.all.isEmpty { return .noModel }
        return disk.hasRoom ? nil : .storageFull
    }

    /// What keeps a server from drawing.
    public enum Obstacle: String, Sendable, CustomStringConvertible {
        case shuttingDown, noWorker, noModel, storageFull

        public var description: String {
            switch self {
            case .shuttingDown: "the server is shutting down"
            case .noWorker: "nothing draws; restart the server"
            case .noModel: "no model is installed"
            case .storageFull: "the disk is nearly full"
            }
        }
    }

    /// How many jobs wait and run.
    public func load() async -> (waiting: Int, running: Int) {
        (await queue.waitingCount, await queue.runningCount)
    }
}

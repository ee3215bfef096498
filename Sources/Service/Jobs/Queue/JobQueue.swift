import Foundation
import Store

/// What waits and what runs now, in memory: the store has the same jobs, so that nothing is lost with this.
actor JobQueue {
    /// Jobs that one runner draws together.
    private struct Batch {
        var jobs: [QueuedJob]
        var dropped: Set<Job.ID> = []
        var cancel: @Sendable () -> Void
        var started: Date
        var progress: JobStatus.Progress?
    }

    enum Next: Sendable {
        case batch([QueuedJob])
        /// Nothing came for as long as was asked.
        case idle
        case stop
    }

    private let hub: EventHub
    private let clock: WallClock
    private var waiting = FairQueue()
    private var batches: [Int: Batch] = [:]
    /// Runners that wait for work, by their lane.
    private var idle: [Int: CheckedContinuation<Void, Never>] = [:]
    private var rates = RateBook()
    /// What followers were told last about a job's place.
    private var told: [Job.ID: Int] = [:]
    private(set) var isStopping = false

    init(hub: EventHub, clock: WallClock) {
        self.hub = hub
        self.clock = clock
    }

    var waitingCount: Int { waiting.count }
    var runningCount: Int { batches.values.reduce(0) { $0 + $1.jobs.count - $1.dropped.count } }

    // MARK: In

    func enqueue(_ jobs: [QueuedJob]) {
        for job in jobs { waiting.append(job) }
        wakeAll()
        tellPlaces()
    }

    /// Takes a job out: one that waits is gone, one that runs is drawn no further.
    func drop(_ id: Job.ID, owner: User.ID) {
        if waiting.remove(id, owner: owner) {
            told[id] = nil
            tellPlaces()
            return
        }
        guard let lane = lane(running: id) else { return }
        batches[lane]?.dropped.insert(id)
        if let batch = batches[lane], batch.jobs.allSatisfy({ batch.dropped.contains($0.job.id) }) { batch.cancel() }
    }

    func isRunning(_ id: Job.ID) -> Bool { lane(running: id) != nil }

    private func lane(running id: Job.ID) -> Int? {
        batches.first { $0.value.jobs.contains { $0.job.id == id } && !$0.value.dropped.contains(id) }?.key
    }

    // MARK: Out

    /// The next jobs for a runner, when there are some.
    /// - Parameters:
    ///   - limit: how many pictures a batch has at most; a single job may have more.
    ///   - models: what the runner can draw with.
    func next(lane: Int, limit: Int, models: Set<String>, idleAfter: TimeInterval?) async -> Next {
        let deadline = idleAfter.map { clock.now() + $0 }
        while !isStopping {
            let batch = waiting.next(limit: limit) { models.contains($0.job.model) }
            if !batch.isEmpty {
                for job in batch { told[job.job.id] = nil }
                batches[lane] = Batch(jobs: batch, cancel: {}, started: clock.now())
                return .batch(batch)
            }
            if let deadline, clock.now() >= deadline { return .idle }
            await waitForWork(lane, until: deadline)
        }
        return .stop
    }

    private func waitForWork(_ lane: Int, until deadline: Date?) async {
        let timer = deadline.map { deadline in
            Task {
                try? await Task.sleep(for: .seconds(max(0.01, deadline.timeIntervalSince(clock.now()))))
                if !Task.isCancelled { wake(lane) }
            }
        }
        await withCheckedContinuation { idle[lane] = $0 }
        timer?.cancel()
    }

    private func wake(_ lane: Int) { idle.removeValue(forKey: lane)?.resume() }

    private func wakeAll() { for lane in Array(idle.keys) { wake(lane) } }

    /// Says how the work of a runner is stopped.
    func begin(_ lane: Int, cancel: @escaping @Sendable () -> Void) {
        guard var batch = batches[lane] else { return }
        batch.cancel = cancel
        batches[lane] = batch
        if batch.jobs.allSatisfy({ batch.dropped.contains($0.job.id) }) { cancel() }
        tellPlaces()
    }

    func progress(_ lane: Int, _ progress: JobStatus.Progress) { batches[lane]?.progress = progress }

    func end(_ lane: Int, drawn: Int) {
        guard let batch = batches.removeValue(forKey: lane), let first = batch.jobs.first else { return }
        rates.record(first.request, pictures: drawn, seconds: clock.now().timeIntervalSince(batch.started))
        tellPlaces()
    }

    // MARK: The end

    /// No runner gets another batch.
    func stop() {
        isStopping = true
        wakeAll()
    }

    func cancelAll() { for batch in batches.values { batch.cancel() } }

    // MARK: Telling

    func status(of job: Job) -> JobStatus {
        if let (lane, batch) = batches.first(where: { $0.value.jobs.contains { $0.job.id == job.id } }),
            !job.state.isFinal
        {
            return JobStatus(
                job: job, timeLeft: timeLeft(lane),
                progress: batch.progress ?? JobStatus.Progress(stage: "starting", fraction: 0))
        }
        guard job.state == .queued else { return JobStatus(job: job) }
        let places = places()
        return places.first { $0.job.id == job.id } ?? JobStatus(job: job)
    }

    /// All jobs that wait, in order, with their places.
    private func places() -> [JobStatus] {
        var time: Double? = batches.keys.map { timeLeft($0) ?? 0 }.min() ?? 0
        let running = runningCount
        return waiting.order.enumerated().map { index, waiting in
            time = time.flatMap { before in
                rates.seconds(for: waiting.request, pictures: waiting.job.count).map { before + $0 }
            }
            return JobStatus(job: waiting.job, ahead: running + index, timeLeft: time)
        }
    }

    /// Seconds until a runner is done.
    private func timeLeft(_ lane: Int) -> Double? {
        guard let batch = batches[lane], let first = batch.jobs.first else { return nil }
        let passed = clock.now().timeIntervalSince(batch.started)
        if let fraction = batch.progress?.fraction, fraction > 0.1 { return passed / fraction * (1 - fraction) }
        let pictures = batch.jobs.reduce(0) { $0 + $1.job.count }
        return rates.seconds(for: first.request, pictures: pictures).map { max(0, $0 - passed) }
    }

    /// Tells those who follow a job that waits when its place changed.
    private func tellPlaces() {
        guard waiting.count > 0, hub.hasFollowers else { return }
        for status in places() where told[status.job.id] != status.ahead {
            guard hub.isFollowed(status.job.id, owner: status.job.owner) else { continue }
            told[status.job.id] = status.ahead
            hub.publish(.status(status), of: status.job.id)
        }
    }
}

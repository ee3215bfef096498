import Store

/// Who waits for jobs that are drawn for somebody who waits. When the last one has gone, the job is told so: after a
/// grace if it is still queued, and at once if it runs, or soon where they are to come back.
actor Attendance {
    private struct Waiters {
        var count = 0
        var comeBack: Bool
    }

    private var waiters: [Job.ID: Waiters] = [:]
    private let grace: Duration
    private let returnGrace: Duration
    private let isRunning: @Sendable (Job.ID) async -> Bool
    private let abandon: @Sendable (Job.ID) async -> Void

    init(
        grace: Duration, returnGrace: Duration, isRunning: @escaping @Sendable (Job.ID) async -> Bool,
        abandon: @escaping @Sendable (Job.ID) async -> Void
    ) {
        self.grace = grace
        self.returnGrace = returnGrace
        self.isRunning = isRunning
        self.abandon = abandon
    }

    /// A job that needs somebody to wait for it, from the end of the grace on.
    /// - Parameter comesBack: whether a client that loses its connection asks again.
    func attach(_ job: Job.ID, comesBack: Bool) {
        waiters[job] = Waiters(comeBack: comesBack)
        watch(job, for: grace)
    }

    /// The job goes on by itself from now on, or has ended.
    func detach(_ job: Job.ID) { waiters[job] = nil }

    func hold(_ job: Job.ID) { waiters[job]?.count += 1 }

    func release(_ job: Job.ID) async {
        waiters[job]?.count -= 1
        guard let left = waiters[job], left.count <= 0 else { return }
        if await !isRunning(job) {
            watch(job, for: grace)
        } else if left.comeBack {
            watch(job, for: returnGrace)
        } else {
            await giveUp(job)
        }
    }

    private func watch(_ job: Job.ID, for grace: Duration) {
        Task {
            try? await Task.sleep(for: grace)
            await giveUp(job)
        }
    }

    private func giveUp(_ job: Job.ID) async {
        guard waiters[job]?.count == 0 else { return }
        waiters[job] = nil
        await abandon(job)
    }
}

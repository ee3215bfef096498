import Store

/// Who waits for jobs that are drawn for somebody who waits. When the last one has gone, the job is told so: after a
/// grace if it is still queued, at once if it runs.
actor Attendance {
    private var waiters: [Job.ID: Int] = [:]
    private let grace: Duration
    private let isRunning: @Sendable (Job.ID) async -> Bool
    private let abandon: @Sendable (Job.ID) async -> Void

    init(
        grace: Duration, isRunning: @escaping @Sendable (Job.ID) async -> Bool,
        abandon: @escaping @Sendable (Job.ID) async -> Void
    ) {
        self.grace = grace
        self.isRunning = isRunning
        self.abandon = abandon
    }

    /// A job that needs somebody to wait for it, from the end of the grace on.
    func attach(_ job: Job.ID) {
        waiters[job] = 0
        watch(job)
    }

    /// The job goes on by itself from now on, or has ended.
    func detach(_ job: Job.ID) { waiters[job] = nil }

    func hold(_ job: Job.ID) { waiters[job]? += 1 }

    func release(_ job: Job.ID) async {
        guard let count = waiters[job] else { return }
        waiters[job] = max(0, count - 1)
        guard count <= 1 else { return }
        if await isRunning(job) {
            await giveUp(job)
        } else {
            watch(job)
        }
    }

    private func watch(_ job: Job.ID) {
        Task {
            try? await Task.sleep(for: grace)
            await giveUp(job)
        }
    }

    private func giveUp(_ job: Job.ID) async {
        guard waiters[job] == 0 else { return }
        waiters[job] = nil
        await abandon(job)
    }
}

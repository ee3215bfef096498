import Store

/// Ends a job that waits or runs.
struct JobCancellation: Sendable {
    let store: any DataStore
    let queue: JobQueue
    let hub: EventHub
    let clock: WallClock

    /// - Returns: the job as it is now; nil where it had ended before.
    @discardableResult
    func cancel(_ id: Job.ID) async -> Job? {
        // In the store first: from then on no picture is added, whatever the engine still does.
        guard let job = try? await store.finish(id, as: .cancelled, now: clock.now()) else { return nil }
        await queue.drop(id, owner: job.owner)
        hub.publish(.status(JobStatus(job: job)), of: id)
        return job
    }
}

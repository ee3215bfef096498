import Foundation
import Store

extension Jobs {
    /// A job of the owner as it is now; nil where there is none.
    public func status(of id: Job.ID, owner: User.ID) async throws -> JobStatus? {
        guard let job = try await store.job(id, owner: owner) else { return nil }
        return await queue.status(of: job)
    }

    /// The owner's jobs with their places, newest first.
    public func statuses(of owner: User.ID, after cursor: Cursor?, limit: Int) async throws -> Page<JobStatus> {
        let page = try await store.jobs(of: owner, after: cursor, limit: limit)
        return Page(elements: await statuses(of: page.elements), next: page.next)
    }

    /// The owner's jobs that wait or run, oldest first.
    public func activeStatuses(of owner: User.ID) async throws -> [JobStatus] {
        await statuses(of: try await store.activeJobs(of: owner))
    }

    private func statuses(of jobs: [Job]) async -> [JobStatus] {
        var statuses: [JobStatus] = []
        for job in jobs { statuses.append(await queue.status(of: job)) }
        return statuses
    }

    /// Cancels a job: one that waits is not drawn, one that runs stops at its next step; its finished pictures stay.
    /// - Returns: the job as it is now, also where it had ended before; nil where the owner has none.
    public func cancel(_ id: Job.ID, owner: User.ID) async throws -> Job? {
        guard let job = try await store.job(id, owner: owner) else { return nil }
        guard !job.state.isFinal else { return job }
        let cancelled = await JobCancellation(store: store, queue: queue, hub: hub, clock: clock).cancel(id)
        if cancelled != nil {
            await attendance.detach(id)
            forget(id)
        }
        return try await store.job(id, owner: owner)
    }

    /// Runs something that waits for a job. A job that is not detached goes on only while somebody does.
    public func holding<Result: Sendable>(
        _ job: Job.ID, _ body: () async throws -> Result
    ) async rethrows -> Result {
        await attendance.hold(job)
        do {
            let result = try await body()
            await attendance.release(job)
            return result
        } catch {
            await attendance.release(job)
            throw error
        }
    }

    /// Waits for a job's end, and holds it meanwhile.
    /// - Returns: nil where the owner has no such job.
    /// - Throws: `CancellationError` where the waiting task is cancelled.
    public func result(of id: Job.ID, owner: User.ID) async throws -> JobResult? {
        try await holding(id) {
            guard let events = try await events(of: id, owner: owner) else { return nil }
            for await _ in events {}
            try Task.checkCancellation()
            guard let job = try await store.job(id, owner: owner) else { return nil }
            guard job.state.isFinal else { throw JobError.shuttingDown }
            return JobResult(job: job, pictures: try await store.pictures(of: id))
        }
    }

    /// What happens to a job, from the beginning or after an event, until its end. What no longer matters is left out:
    /// statuses that another one followed, previews of pictures that are done.
    ///
    /// - Parameters:
    ///   - last: the last event that the reader has; one of another run of the server counts as none.
    ///   - keepalive: how long nothing happens until there is an event that says so.
    /// - Returns: nil where the owner has no such job.
    public func events(
        of id: Job.ID, owner: User.ID, after last: JobEvent.ID? = nil, keepalive: Duration? = nil
    ) async throws -> JobEvents? {
        guard let job = try await store.job(id, owner: owner) else { return nil }
        let after = last?.epoch == hub.epoch ? last?.number ?? 0 : 0
        let topic = EventHub.Topic.job(id)
        if case .events = hub.read(topic, after: after) {
            if job.state == .queued { hub.publish(.status(await queue.status(of: job)), of: id) }
            return JobEvents(hub: hub, topic: topic, after: after, initial: [], isOver: false, keepalive: keepalive)
        }
        // It ended so long ago that the hub forgot it: told from the store.
        var kinds = try await store.pictures(of: id).map(JobEvent.Kind.picture)
        kinds.append(.status(JobStatus(job: job)))
        let initial = kinds.map {
            JobEvent(id: JobEvent.ID(epoch: hub.epoch, number: hub.newest), job: id, kind: $0)
        }
        return JobEvents(
            hub: hub, topic: topic, after: after, initial: initial, isOver: true, keepalive: keepalive)
    }

    /// What happens to all jobs of an account from now on, or after an event of this run of the server.
    public func events(
        ofAccount owner: User.ID, after last: JobEvent.ID? = nil, keepalive: Duration? = nil
    ) -> JobEvents {
        let after = last?.epoch == hub.epoch ? last?.number ?? hub.newest : hub.newest
        return JobEvents(
            hub: hub, topic: .account(owner), after: after, initial: [], isOver: false, keepalive: keepalive)
    }
}

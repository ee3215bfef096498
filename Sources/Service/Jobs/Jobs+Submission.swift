import Foundation
import ImageGeneration
import Imaging
import Store

extension Jobs {
    /// Takes a job in. When this returns, the job is in the store and will be drawn, whatever happens to the process.
    ///
    /// - Throws: `JobError`, `AccountError.disabled`, `StoreError`.
    public func submit(_ draft: JobDraft) async throws -> SubmittedJob {
        guard await !queue.isStopping else { throw JobError.shuttingDown }
        guard !draft.user.isDisabled else { throw AccountError.disabled }
        var request = draft.request
        let refusal = draft.decisions.first { $0.verdict == .refused }
        let image = try await complete(&request, for: draft.user)
        try await checkRoom(isRefused: refusal != nil)
        let now = clock.now()
        let count = image.count * image.task.frames
        let job = Job(
            owner: draft.user.id, key: draft.key?.id, source: draft.source, request: try request.json(),
            task: request.task.rawValue, label: draft.label, prompt: request.title, model: request.model ?? "",
            count: count, created: now)
        let acceptance = try await store.accept(
            Submission(
                job: job, inputs: request.inputs, digest: draft.digest, idempotencyKey: draft.idempotencyKey,
                joinsSince: draft.retries ?? 0 > 0 ? now - options.joinLife : nil,
                charge: limits.charge(draft.user, images: count, now: now, entersQueue: refusal == nil),
                decisions: draft.decisions))
        return try await answer(acceptance, draft: draft, request: request, refusal: refusal, now: now)
    }

    private func answer(
        _ acceptance: Acceptance, draft: JobDraft, request: JobRequest, refusal: PolicyDecision?, now: Date
    ) async throws -> SubmittedJob {
        func status(_ usage: Usage) -> LimitStatus { limits.status(of: draft.user, usage, now: now) }
        switch acceptance {
        case .accepted(let job, let usage):
            if let refusal { throw JobError.rejected(refusal, job) }
            hub.open(job.id, owner: job.owner)
            if !draft.isDetached { await attendance.attach(job.id, comesBack: draft.retries != nil) }
            await queue.enqueue([queued(job, request)])
            return SubmittedJob(job: job, isNew: true, limits: status(usage))
        case .joined(let job, let usage):
            if draft.isDetached { await attendance.detach(job.id) }
            return SubmittedJob(job: job, isNew: false, limits: status(usage))
        case .conflict: throw JobError.idempotencyConflict
        case .unknownPicture(let picture): throw JobError.unknownPicture(picture)
        case .refused(.rate(let wait), let usage): throw JobError.rateLimited(status(usage), retryAfter: wait)
        case .refused(.quota, let usage): throw JobError.quotaExhausted(status(usage))
        case .refused(.tooManyJobs, let usage): throw JobError.tooManyJobs(status(usage))
        }
    }

    /// Settles what a request leaves open, and checks it as far as it can be without drawing.
    /// - Returns: the engine's request.
    private func complete(_ request: inout JobRequest, for user: User) async throws -> ImageRequest {
        do {
            let model = try await catalog.model(request.model, for: request.task)
            request.model = model.name
            // Small enough for every client's numbers; fixed now, so that a second attempt draws the same.
            request.seed = request.seed ?? UInt64.random(in: 0..<1 << 32)
            _ = try request.encoding()
            let pictures = try await keeper.load(request.inputs, owner: user.id)
            let image = try request.imageRequest(pictures)
            try model.capabilities.check(image)
            return image
        } catch let error as GenerationError {
            throw JobError.invalid(error)
        }
    }

    private func checkRoom(isRefused: Bool) async throws {
        guard !isRefused else { return }
        guard await queue.waitingCount < options.queueLimit else { throw JobError.queueFull(retryAfter: 10) }
        guard disk.hasRoom else { throw JobError.storageFull }
    }
}

import Foundation

/// A job that asks to be accepted.
public struct Submission: Sendable {
    public var job: Job
    /// The pictures that it works on; each must be the owner's.
    public var inputs: [Picture.ID]
    /// SHA-256 of the request's body.
    public var digest: Data
    /// The client's idempotency key: for `idempotencyLife` seconds the same key gives the same job.
    public var idempotencyKey: String?
    /// Whether a job of the same API key with the same body that is in flight, or ended well since this moment, is taken
    /// in place of a new one. Nil: never.
    public var joinsSince: Date?
    public var charge: Charge
    /// Decisions of the content policy that go with the job. If one refuses, the job is kept as rejected.
    public var decisions: [PolicyDecision]

    public static let idempotencyLife: TimeInterval = 24 * 3600

    public init(
        job: Job, inputs: [Picture.ID] = [], digest: Data, idempotencyKey: String? = nil, joinsSince: Date? = nil,
        charge: Charge, decisions: [PolicyDecision] = []
    ) {
        self.job = job
        self.inputs = inputs
        self.digest = digest
        self.idempotencyKey = idempotencyKey
        self.joinsSince = joinsSince
        self.charge = charge
        self.decisions = decisions
    }
}

/// What became of a submission. All but `accepted` charge nothing.
public enum Acceptance: Sendable {
    /// The job is in the store and will be worked on, or is there as rejected.
    case accepted(Job, Usage)
    /// There is such a job already: a retry, or the same idempotency key.
    case joined(Job, Usage)
    /// The idempotency key was used with another body.
    case conflict
    case refused(Charge.Refusal, Usage)
    /// The account has no such picture.
    case unknownPicture(Picture.ID)
}

/// How a job ends.
public enum JobEnd: Sendable {
    /// All was done: succeeded, or rejected where the content policy stopped every picture, or failed where pictures are
    /// missing all the same.
    case drawn
    case failed(Job.Failure)
    case cancelled
}

public protocol JobStore: Sendable {
    /// Takes a job in: checks the limits, charges, and adds it with what goes with it, all or nothing.
    func accept(_ submission: Submission) async throws -> Acceptance
    func job(_ id: Job.ID, owner: User.ID) async throws -> Job?
    /// Newest first.
    func jobs(of owner: User.ID, after: Cursor?, limit: Int) async throws -> Page<Job>
    /// Those of one account, or of all, that wait or run, oldest first.
    func activeJobs(of owner: User.ID?) async throws -> [Job]

    /// queued → running, one attempt more; leaves out jobs that are not queued any more.
    func claim(_ jobs: [Job.ID], now: Date) async throws -> [Job]
    /// running → queued. `attempted` false takes the attempt back, for work that was handed back and did not fail.
    func handBack(_ jobs: [Job.ID], attempted: Bool) async throws
    /// Ends a job that waits or runs, and gives the pictures that were not drawn back to the month's quota.
    /// - Returns: the job as it is now; nil where it had ended before, or is gone.
    func finish(_ job: Job.ID, as end: JobEnd, now: Date) async throws -> Job?
    /// After a crash: running jobs are queued again, and fail where they were begun `attempts` times.
    /// - Returns: the jobs that failed.
    func recover(attempts: Int, failure: Job.Failure, now: Date) async throws -> [Job]

    /// The places of a job's pictures that are done: drawn, or stopped by the content policy.
    func doneIndices(of job: Job.ID) async throws -> Set<Int>
    /// Adds a picture that a running job drew, with the decision about it.
    /// - Returns: false where the job has one in that place, or does not run any more; its blob is then nobody's.
    func add(drawn picture: Picture, decision: PolicyDecision?) async throws -> Bool
    /// Notes that the content policy stopped a picture.
    func filter(_ job: Job.ID, index: Int, decision: PolicyDecision, now: Date) async throws
    /// Newest first.
    func decisions(limit: Int) async throws -> [RecordedDecision]
}

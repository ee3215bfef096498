import Foundation
import Store

/// What somebody asks for, with who asks and how.
public struct JobDraft: Sendable {
    public var user: User
    /// Nil for the studio.
    public var key: APIKey?
    public var source: Job.Source
    /// What the studio was doing, such as `extend`.
    public var label: String?
    public var request: JobRequest
    /// Whether the job goes on when nobody waits for it.
    public var isDetached: Bool
    /// SHA-256 of the request's body, for recognising it again.
    public var digest: Data
    public var idempotencyKey: String?
    /// How often the client says that it asked before; nil where it says nothing of that. From 1 on a job with the same
    /// body that is in flight, or that ended well in the last minute, is taken. A client that counts is one that comes
    /// back, so its job waits a little for it.
    public var retries: Int?
    /// What the content policy decided about the texts and pictures of the request.
    public var decisions: [PolicyDecision]

    public init(
        user: User, key: APIKey? = nil, source: Job.Source, label: String? = nil, request: JobRequest,
        isDetached: Bool, digest: Data, idempotencyKey: String? = nil, retries: Int? = nil,
        decisions: [PolicyDecision] = []
    ) {
        self.user = user
        self.key = key
        self.source = source
        self.label = label
        self.request = request
        self.isDetached = isDetached
        self.digest = digest
        self.idempotencyKey = idempotencyKey
        self.retries = retries
        self.decisions = decisions
    }
}

/// A job that was taken in.
public struct SubmittedJob: Sendable {
    public var job: Job
    /// False where an earlier request for the same is taken.
    public var isNew: Bool
    public var limits: LimitStatus
}

/// A job as it is now.
public struct JobStatus: Sendable, Hashable {
    public struct Progress: Hashable, Sendable {
        /// What is being done, such as `decoder`; `loading` while the model's files are read.
        public var stage: String
        /// The share of the work that is done, 0…1.
        public var fraction: Double
    }

    public var job: Job
    /// How many jobs come before it; nil unless it is queued.
    public var ahead: Int?
    /// Seconds until it should be done, from what jobs like it took; nil where that is not known, and at the end.
    public var timeLeft: TimeInterval?
    /// Nil unless it runs.
    public var progress: Progress?
}

/// How a job ended, with its pictures in order.
public struct JobResult: Sendable {
    public var job: Job
    public var pictures: [Picture]
}

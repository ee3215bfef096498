import Foundation

/// A request that was accepted, and what became of it.
public struct Job: Entity, Hashable {
    public typealias ID = Identifier<Job>
    public static let prefix = "job"

    public enum State: String, Codable, CaseIterable, Sendable {
        case queued, running, succeeded, failed, cancelled
        /// The content policy stopped the request, or every picture of it.
        case rejected

        /// Whether nothing will change it any more.
        public var isFinal: Bool { self != .queued && self != .running }
    }

    /// Where a request came from, which decides how long its pictures are kept.
    public enum Source: String, Codable, Sendable {
        case api, studio
    }

    /// Why a job did not succeed.
    public struct Failure: Hashable, Codable, Sendable {
        /// A word for programs, such as `out_of_memory`.
        public var kind: String
        public var message: String

        public init(kind: String, message: String) {
            self.kind = kind
            self.message = message
        }
    }

    public var id: ID
    public var owner: User.ID
    /// The key that it was asked for with; nil for the studio.
    public var key: APIKey.ID?
    public var source: Source
    /// The request's body as the service wrote it, JSON.
    public var request: String
    /// The task's name, such as `text_to_image`.
    public var task: String
    /// What the studio was doing, such as `extend`; nothing to the queue.
    public var label: String?
    public var prompt: String
    public var model: String
    /// How many pictures were asked for.
    public var count: Int
    public var state: State
    /// How often the work was begun.
    public var attempts: Int
    /// How many pictures the content policy stopped.
    public var filtered: Int
    public var failure: Failure?
    public var created: Date
    public var started: Date?
    public var finished: Date?

    public init(
        id: ID = ID(), owner: User.ID, key: APIKey.ID? = nil, source: Source, request: String, task: String,
        label: String? = nil, prompt: String, model: String, count: Int, state: State = .queued, attempts: Int = 0,
        filtered: Int = 0, failure: Failure? = nil, created: Date, started: Date? = nil, finished: Date? = nil
    ) {
        self.id = id
        self.owner = owner
        self.key = key
        self.source = source
        self.request = request
        self.task = task
        self.label = label
        self.prompt = prompt
        self.model = model
        self.count = count
        self.state = state
        self.attempts = attempts
        self.filtered = filtered
        self.failure = failure
        self.created = created
        self.started = started
        self.finished = finished
    }
}

import Foundation

/// What the content policy decided, and by which rule. The prompt is never part of it.
public struct PolicyDecision: Hashable, Sendable {
    public enum Subject: String, Codable, Sendable {
        /// The text of a request.
        case prompt
        /// A picture that was sent.
        case input
        /// A picture that was drawn.
        case output
    }

    public enum Verdict: String, Codable, Sendable {
        case allowed
        case refused
    }

    public var subject: Subject
    public var verdict: Verdict
    /// The rule's name; empty where none spoke.
    public var rule: String
    /// The category, such as `violence/graphic`; empty where none was touched.
    public var category: String

    public init(subject: Subject, verdict: Verdict, rule: String, category: String) {
        self.subject = subject
        self.verdict = verdict
        self.rule = rule
        self.category = category
    }
}

/// A decision with what it was about, as it is kept for the host.
public struct RecordedDecision: Hashable, Sendable {
    public var decision: PolicyDecision
    public var owner: User.ID
    public var job: Job.ID?
    /// The picture's place in the job, where the decision is about one that was drawn.
    public var index: Int?
    public var date: Date

    public init(_ decision: PolicyDecision, owner: User.ID, job: Job.ID?, index: Int? = nil, date: Date) {
        self.decision = decision
        self.owner = owner
        self.job = job
        self.index = index
        self.date = date
    }
}

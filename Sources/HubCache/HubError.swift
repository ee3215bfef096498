/// A model cannot be had: what was asked for, what was wrong, what to do.
public struct HubError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: String, Equatable, Sendable, CaseIterable {
        /// Not the name of a model or repository, or settings that cannot be used.
        case invalidRequest = "invalid_request"
        /// No such repository, revision or file.
        case notFound = "not_found"
        /// A token is needed, or the one that was sent is not known.
        case unauthorized
        /// The publisher wants the terms accepted on the repository's page.
        case gated
        /// The token does not suffice.
        case forbidden
        /// Too many requests, for longer than one would wait.
        case rateLimited = "rate_limited"
        /// The hub fails, again and again.
        case serverFailed = "server_failed"
        /// The hub cannot be reached, or the connection breaks again and again.
        case unreachable
        /// The network may not be used and what is asked for is not in the cache.
        case offline
        /// A file is not what its publisher says.
        case wrongDigest = "wrong_digest"
        /// An answer that the hub's protocol does not have.
        case unexpectedAnswer = "unexpected_answer"
        /// The repository has no model that Limn reads.
        case notAModel = "not_a_model"
        case licenseNotAccepted = "license_not_accepted"
        case diskFull = "disk_full"
        /// A file cannot be written for another reason.
        case unwritable
    }

    public let kind: Kind
    /// The repository, or a file in it.
    public let subject: String
    public let message: String

    public init(_ kind: Kind, _ subject: String, _ message: String) {
        self.kind = kind
        self.subject = subject
        self.message = message
    }

    public var description: String { "\(subject): \(message)" }
}

import Foundation
import ImageGeneration
import Store

/// Why a job was not taken in.
public enum JobError: Error, Sendable, CustomStringConvertible {
    /// A value that no model, or not this one, takes.
    case invalid(GenerationError)
    /// The account has no such picture.
    case unknownPicture(Picture.ID)
    /// A picture of the request cannot be read.
    case unreadablePicture(parameter: String, reason: String)
    /// The content policy refuses the request; it was charged, and is kept as a rejected job.
    case rejected(PolicyDecision, Job)
    /// The idempotency key was used with another request.
    case idempotencyConflict
    /// More pictures than remain of the window. `retryAfter` is nil where the request is larger than the whole limit.
    case rateLimited(LimitStatus, retryAfter: TimeInterval?)
    case quotaExhausted(LimitStatus)
    case tooManyJobs(LimitStatus)
    /// The server's own queue is full.
    case queueFull(retryAfter: TimeInterval)
    /// The disk is nearly full.
    case storageFull
    case shuttingDown

    public var description: String {
        switch self {
        case .invalid(let error): error.message
        case .unknownPicture: "there is no such picture in this account"
        case .unreadablePicture(let parameter, let reason): "the picture '\(parameter)' cannot be read: \(reason)"
        case .rejected: "the request was rejected by the content policy"
        case .idempotencyConflict: "this idempotency key was used with another request; use a new one"
        case .rateLimited(let status, _): "the limit is \(status.limit) images a minute, and \(status.remaining) remain"
        case .quotaExhausted(let status):
            "this month's quota of \(status.monthLimit ?? 0) images is used up; ask who runs this server"
        case .tooManyJobs(let status): "\(status.jobLimit) jobs wait already; wait until one is done"
        case .queueFull: "the queue is full; try again later"
        case .storageFull: "the server's disk is nearly full; ask who runs it"
        case .shuttingDown: "the server is shutting down; try again later"
        }
    }
}

import Foundation
import Store

/// How long things are kept, in seconds.
public struct Retention: Hashable, Sendable {
    /// Drawn pictures by where they were asked for; what is missing stays until its owner deletes it.
    public var pictures: [Job.Source: TimeInterval] = [.api: 2 * 3600]
    /// Masks, pieces of canvases and pictures that came with a request.
    public var inputs: TimeInterval = 24 * 3600
    /// Jobs without pictures, after their end. At least as long as idempotency keys are honoured.
    public var jobs: [Job.Source: TimeInterval] = [.api: 24 * 3600, .studio: 30 * 86400]
    public var decisions: TimeInterval = 90 * 86400

    public init() {}
}

import Foundation

/// Runs work that computes for long or waits for the disk on threads of its own, so that it never holds up the threads
/// that all tasks share.
struct BlockingWork: Sendable {
    private let queue: OperationQueue

    /// - Parameter width: how many run at once.
    init(name: String, width: Int) {
        queue = OperationQueue()
        queue.name = name
        queue.maxConcurrentOperationCount = width
    }

    func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}

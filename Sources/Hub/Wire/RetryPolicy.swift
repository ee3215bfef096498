import Foundation
import HubCache

/// How often what failed for the moment is tried again, and after how long.
public struct RetryPolicy: Sendable {
    /// Tries after the first; a connection that brought bytes before it broke starts the count anew.
    public var limit: Int
    /// The pause before the second try; each next one is twice as long.
    public var base: Duration
    public var longest: Duration
    /// How long a server may ask to be left alone. What asks for more has failed.
    public var longestRequested: Duration
    /// Lets time pass. Throws when the task is cancelled.
    public var pause: @Sendable (Duration) async throws -> Void

    public init(
        limit: Int = 5, base: Duration = .seconds(1), longest: Duration = .seconds(30),
        longestRequested: Duration = .seconds(300),
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.limit = limit
        self.base = base
        self.longest = longest
        self.longestRequested = longestRequested
        self.pause = pause
    }

    /// The pause after so many failures, 1 or more: at least half of 2^(failures − 1) × `base`, so that many clients do
    /// not come back in the same moment.
    func delay(failures: Int) -> Duration {
        let whole = min(base * (1 << min(failures - 1, 16)), longest)
        return whole * Double.random(in: 0.5...1)
    }

    /// Runs a body until it ends with a result or with an error that will not go away.
    func run<R>(_ body: () async throws -> R) async throws -> R {
        var failures = 0
        while true {
            do {
                return try await body()
            } catch let interruption as Interruption {
                failures += 1
                try await wait(after: interruption, failures: failures)
            }
        }
    }

    /// Lets the time before the next try pass.
    ///
    /// - Parameter failures: how many there were in a row, this one among them.
    /// - Throws: the interruption's error when there is to be no other try.
    func wait(after interruption: Interruption, failures: Int) async throws {
        let requested = interruption.retryAfter ?? .zero
        guard failures <= limit, requested <= longestRequested else { throw interruption.error }
        try await pause(max(requested, delay(failures: failures)))
    }
}

/// A failure that may be gone at the next try.
struct Interruption: Error {
    /// What is thrown when it is not.
    var error: HubError
    /// When the server says to come back.
    var retryAfter: Duration?
}

import Foundation
import Synchronization

/// Slows down who guesses: after some failures within a time, further attempts are refused until the time is over.
/// Kept in memory, under names that are hashed by the caller or harmless.
final class Throttle: Sendable {
    struct Rule: Sendable {
        var failures: Int
        var seconds: TimeInterval
    }

    private let rule: Rule
    private let failures = Mutex<[String: [Date]]>([:])
    /// Beyond so many names, those whose time is over are forgotten.
    private static let capacity = 10_000

    init(_ rule: Rule) { self.rule = rule }

    /// - Throws: `AccountError.throttled`.
    func check(_ name: String, now: Date) throws {
        let times = failures.withLock { recent(in: $0, name, now) }
        guard times.count >= rule.failures, let first = times.first else { return }
        throw AccountError.throttled(retryAfter: max(1, rule.seconds - now.timeIntervalSince(first)))
    }

    func fail(_ name: String, now: Date) {
        failures.withLock { failures in
            failures[name] = recent(in: failures, name, now) + [now]
            if failures.count > Self.capacity {
                failures = failures.filter { !recent(in: failures, $0.key, now).isEmpty }
            }
        }
    }

    func succeed(_ name: String) {
        failures.withLock { $0[name] = nil }
    }

    private func recent(in failures: [String: [Date]], _ name: String, _ now: Date) -> [Date] {
        (failures[name] ?? []).filter { now.timeIntervalSince($0) < rule.seconds }.suffix(rule.failures)
    }
}

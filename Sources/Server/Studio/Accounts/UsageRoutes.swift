import Foundation
import Hummingbird
import Service
import Store

/// What an account has used, beside its limits: `GET /api/usage`.
struct UsageRoutes: Sendable {
    let store: any DataStore
    let limits: Limits

    private struct View: Encodable {
        struct Minute: Encodable {
            var limit: Int
            var used: Int
            var reset_seconds: Double
        }

        struct Month: Encodable {
            var quota: Int?
            var used: Int
            var reset: Date
        }

        struct Queue: Encodable {
            var limit: Int
            var active: Int
        }

        struct Storage: Encodable {
            var bytes: Int
        }

        struct Day: Encodable {
            var day: String
            var images: Int
        }

        var minute: Minute
        var month: Month
        var queue: Queue
        var storage: Storage
        /// The last 30 days, oldest first, those without pictures too.
        var days: [Day]
    }

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.get("/usage") { [store, limits] _, context in
            let user = try context.user
            let status = try await limits.status(of: user)
            let days = Days.last(30)
            let used = try await store.days(of: user.id, since: days[0])
            let byDay = Dictionary(used.map { ($0.day, $0.images) }, uniquingKeysWith: +)
            return try Response.json(
                View(
                    minute: .init(
                        limit: status.limit, used: status.limit - status.remaining, reset_seconds: status.reset),
                    month: .init(quota: status.monthLimit, used: status.monthUsed, reset: status.monthEnds),
                    queue: .init(limit: status.jobLimit, active: status.activeJobs),
                    storage: .init(bytes: try await store.bytes(of: user.id)),
                    days: days.map { .init(day: $0, images: byDay[$0] ?? 0) }))
        }
    }
}

/// Days (UTC) as the store writes them, such as `2026-03-01`.
enum Days {
    static func text(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }

    /// The last `count` days up to today, oldest first.
    static func last(_ count: Int) -> [String] {
        (0..<count).reversed().map { text(Date() - Double($0) * 86400) }
    }
}

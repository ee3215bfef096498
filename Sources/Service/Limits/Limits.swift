import Foundation
import Store

/// What accounts may use where nothing else was set for them.
public struct LimitDefaults: Hashable, Sendable {
    /// Pictures in any `Limits.window` seconds.
    public var imagesPerMinute: Int
    /// Pictures in a calendar month (UTC); nil for any number.
    public var imagesPerMonth: Int?
    /// Jobs that may wait or run at once.
    public var activeJobs: Int

    public init(imagesPerMinute: Int = 50, imagesPerMonth: Int? = nil, activeJobs: Int = 100) {
        self.imagesPerMinute = imagesPerMinute
        self.imagesPerMonth = imagesPerMonth
        self.activeJobs = activeJobs
    }
}

/// How much of its limits an account has used.
public struct LimitStatus: Hashable, Sendable {
    /// Pictures in any 60 seconds.
    public var limit: Int
    public var remaining: Int
    /// Seconds until all of the limit is free again, 0…60.
    public var reset: TimeInterval
    /// Pictures in the calendar month (UTC); nil for any number.
    public var monthLimit: Int?
    public var monthUsed: Int
    public var monthEnds: Date
    public var jobLimit: Int
    public var activeJobs: Int
}

/// How many pictures accounts may ask for: a window of 60 seconds that slides, a month's quota, a cap on jobs.
///
/// The decision is made on the figures inside the transaction that charges them, so it is exact however many ask at once,
/// and it outlives the process.
public struct Limits: Sendable {
    /// Seconds.
    public static let window: TimeInterval = 60

    let store: any DataStore
    public let defaults: LimitDefaults
    let clock: WallClock

    public init(store: any DataStore, defaults: LimitDefaults = LimitDefaults(), clock: WallClock = .system) {
        self.store = store
        self.defaults = defaults
        self.clock = clock
    }

    public func status(of user: User) async throws -> LimitStatus {
        let now = clock.now()
        let usage = try await store.usage(of: user.id, now: now, window: Self.window)
        return status(of: user, usage, now: now)
    }

    func status(of user: User, _ usage: Usage, now: Date) -> LimitStatus {
        let allowance = Allowance(user.limits, defaults)
        let used = usage.window.reduce(0) { $0 + $1.images }
        let newest = usage.window.last?.date ?? .distantPast
        return LimitStatus(
            limit: allowance.imagesPerMinute, remaining: max(0, allowance.imagesPerMinute - used),
            reset: max(0, Self.window - now.timeIntervalSince(newest)), monthLimit: allowance.imagesPerMonth,
            monthUsed: usage.month, monthEnds: Months.end(of: now), jobLimit: allowance.activeJobs,
            activeJobs: usage.activeJobs)
    }

    /// The charge for a request of so many pictures.
    /// - Parameter entersQueue: false for a request that is refused anyway and only counts.
    func charge(_ user: User, images: Int, now: Date, entersQueue: Bool = true) -> Charge {
        let allowance = Allowance(user.limits, defaults)
        return Charge(images: images, now: now, window: Self.window) { usage in
            allowance.refusal(of: images, after: usage, now: now, entersQueue: entersQueue)
        }
    }
}

/// An account's limits, with the defaults where it has none of its own.
struct Allowance: Sendable {
    var imagesPerMinute: Int
    var imagesPerMonth: Int?
    var activeJobs: Int

    init(_ own: AccountLimits, _ defaults: LimitDefaults) {
        imagesPerMinute = own.imagesPerMinute ?? defaults.imagesPerMinute
        imagesPerMonth = own.imagesPerMonth ?? defaults.imagesPerMonth
        activeJobs = own.activeJobs ?? defaults.activeJobs
    }

    /// Why so many pictures more are too many; nil where they are not.
    func refusal(of images: Int, after usage: Usage, now: Date, entersQueue: Bool) -> Charge.Refusal? {
        let used = usage.window.reduce(0) { $0 + $1.images }
        if used + images > imagesPerMinute {
            return .rate(retryAfter: wait(for: images, used: used, window: usage.window, now: now))
        }
        if let quota = imagesPerMonth, usage.month + images > quota { return .quota }
        if entersQueue, usage.activeJobs >= activeJobs { return .tooManyJobs }
        return nil
    }

    /// Seconds until enough has left the window; nil where there are more pictures than the window ever holds.
    private func wait(for images: Int, used: Int, window: [Usage.Charge], now: Date) -> TimeInterval? {
        guard images <= imagesPerMinute else { return nil }
        var excess = used + images - imagesPerMinute
        for charge in window {
            excess -= charge.images
            if excess <= 0 { return max(0, Limits.window - now.timeIntervalSince(charge.date)) }
        }
        return nil
    }
}

enum Months {
    /// The first moment of the next calendar month (UTC).
    static func end(of date: Date) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.dateInterval(of: .month, for: date)?.end ?? date
    }
}

import Foundation

/// What an account has used, counted in pictures.
public struct Usage: Hashable, Sendable {
    /// A picture count at a moment.
    public struct Charge: Hashable, Sendable {
        public var date: Date
        public var images: Int

        public init(date: Date, images: Int) {
            self.date = date
            self.images = images
        }
    }

    /// What was asked for within the window, oldest first.
    public var window: [Charge]
    /// In the calendar month (UTC), without pictures that were not drawn in the end.
    public var month: Int
    /// Jobs that wait or run.
    public var activeJobs: Int

    public init(window: [Charge] = [], month: Int = 0, activeJobs: Int = 0) {
        self.window = window
        self.month = month
        self.activeJobs = activeJobs
    }
}

/// Pictures of a day (UTC).
public struct DayUsage: Hashable, Sendable {
    /// Such as `2026-03-01`.
    public var day: String
    public var images: Int

    public init(day: String, images: Int) {
        self.day = day
        self.images = images
    }
}

/// Something that is charged to an account, and what the account may still use.
///
/// The decision is a pure function of the usage, and the store calls it inside the transaction that charges: so it is
/// exact however many ask at once.
public struct Charge: Sendable {
    public var images: Int
    public var now: Date
    /// The window's length in seconds.
    public var window: TimeInterval
    /// Nil to allow, else why not.
    public var refusal: @Sendable (Usage) -> Refusal?

    public init(
        images: Int, now: Date, window: TimeInterval, refusal: @escaping @Sendable (Usage) -> Refusal?
    ) {
        self.images = images
        self.now = now
        self.window = window
        self.refusal = refusal
    }

    public enum Refusal: Hashable, Sendable {
        /// The window is full; so many seconds until the pictures would fit, nil where they never do.
        case rate(retryAfter: TimeInterval?)
        /// The month's quota is used up.
        case quota
        /// As many jobs wait or run as the account may have.
        case tooManyJobs
    }
}

public protocol UsageStore: Sendable {
    func usage(of user: User.ID, now: Date, window: TimeInterval) async throws -> Usage
    /// By day, oldest first, days without pictures left out.
    func days(of user: User.ID, since day: String) async throws -> [DayUsage]
    /// Pictures of all accounts since a day (UTC), that day included.
    func images(since day: String) async throws -> Int
    /// The bytes of an account's pictures.
    func bytes(of user: User.ID) async throws -> Int
    /// Pictures of the month by account, for accounts that have any.
    func months(of users: [User.ID], now: Date) async throws -> [User.ID: Int]
}

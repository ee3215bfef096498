import Foundation
import GRDB

extension SQLiteStore {
    public func usage(of user: User.ID, now: Date, window: TimeInterval) async throws -> Usage {
        try await read { try Self.usage(of: user, now: now, window: window, in: $0) }
    }

    static func usage(of user: User.ID, now: Date, window: TimeInterval, in database: Database) throws -> Usage {
        let charges = try database.rows(
            "SELECT date, images FROM charges WHERE owner = ? AND date > ? ORDER BY date",
            [user.text, (now - window).milliseconds]
        ).map { Usage.Charge(date: $0.date("date"), images: $0["images"]) }
        let month = Days.name(now).prefix(8)
        return Usage(
            window: charges,
            month: try database.number(
                "SELECT sum(images) FROM usage_days WHERE owner = ? AND day BETWEEN ? AND ?",
                [user.text, "\(month)01", "\(month)31"]),
            activeJobs: try database.number(
                "SELECT count(*) FROM jobs WHERE owner = ? AND state IN ('queued', 'running')", [user.text]))
    }

    /// Counts pictures against the window, and against the month unless they will not be drawn.
    static func charge(_ user: User.ID, _ charge: Charge, countsForMonth: Bool, in database: Database) throws {
        try database.insert(
            into: "charges", ["owner": user.text, "date": charge.now.milliseconds, "images": charge.images])
        if countsForMonth { try addToDay(of: charge.now, user, charge.images, in: database) }
    }

    /// - Parameter images: below 0 to give some back.
    static func addToDay(of date: Date, _ user: User.ID, _ images: Int, in database: Database) throws {
        try database.run(
            """
            INSERT INTO usage_days (owner, day, images) VALUES (?, ?, max(0, ?))
            ON CONFLICT (owner, day) DO UPDATE SET images = max(0, images + ?)
            """, [user.text, Days.name(date), images, images])
    }

    public func days(of user: User.ID, since day: String) async throws -> [DayUsage] {
        try await read { database in
            try database.rows(
                "SELECT day, images FROM usage_days WHERE owner = ? AND day >= ? ORDER BY day", [user.text, day]
            ).map { DayUsage(day: $0["day"], images: $0["images"]) }
        }
    }

    public func images(since day: String) async throws -> Int {
        try await read { try $0.number("SELECT sum(images) FROM usage_days WHERE day >= ?", [day]) }
    }

    public func bytes(of user: User.ID) async throws -> Int {
        try await read { try $0.number("SELECT sum(bytes) FROM pictures WHERE owner = ?", [user.text]) }
    }

    public func months(of users: [User.ID], now: Date) async throws -> [User.ID: Int] {
        let month = Days.name(now).prefix(8)
        return try await read { database in
            var months: [User.ID: Int] = [:]
            for piece in users.pieces {
                let rows = try database.rows(
                    """
                    SELECT owner, sum(images) AS images FROM usage_days
                    WHERE owner IN (\(placeholders(piece.count))) AND day BETWEEN ? AND ? GROUP BY owner
                    """, piece.map(\.text) + ["\(month)01", "\(month)31"])
                for row in rows { months[row.id("owner")] = row["images"] }
            }
            return months
        }
    }
}

/// Names of days, in UTC.
public enum Days {
    /// Such as `2026-03-01`.
    public static func name(_ date: Date) -> String {
        date.formatted(.iso8601.year().month().day())
    }
}

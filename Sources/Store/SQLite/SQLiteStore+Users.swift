import Foundation
import GRDB

extension SQLiteStore {
    public func add(_ user: User, invitation: Data?, now: Date) async throws -> User? {
        try await writer.write(promise: true) { database in
            var user = user
            if try database.row("SELECT 1 FROM users WHERE email = ?", [user.email]) != nil {
                throw StoreError.taken(what: "account")
            }
            if let invitation {
                guard let found = try Self.invitation(invitation, now: now, in: database),
                    found.email == nil || found.email == user.email
                else { return nil }
                user.role = found.role
                try database.run("DELETE FROM invitations WHERE id = ?", [found.id.text])
            }
            if try database.row("SELECT 1 FROM users LIMIT 1") == nil { user.role = .admin }
            try database.insert(
                into: "users",
                [
                    "id": user.id.text, "email": user.email, "password_hash": user.passwordHash,
                    "role": user.role.rawValue, "disabled": user.isDisabled,
                    "images_per_minute": user.limits.imagesPerMinute, "images_per_month": user.limits.imagesPerMonth,
                    "active_jobs": user.limits.activeJobs, "created": user.created.milliseconds,
                    "last_seen": user.lastSeen?.milliseconds,
                ])
            return user
        }
    }

    public func user(_ id: User.ID) async throws -> User? {
        try await read { try $0.row("SELECT * FROM users WHERE id = ?", [id.text]).map(User.init) }
    }

    public func user(email: String) async throws -> User? {
        try await read { try $0.row("SELECT * FROM users WHERE email = ?", [email]).map(User.init) }
    }

    public func users(search: String, after cursor: Cursor?, limit: Int) async throws -> Page<User> {
        try await read { database in
            let rows = try database.rows(
                """
                SELECT * FROM users WHERE instr(email, ?) > 0 AND (created, id) < (?, ?)
                ORDER BY created DESC, id DESC LIMIT ?
                """, [search.lowercased()] + Cursor.values(cursor) + [limit + 1])
            return Page(try rows.map(User.init), limit: limit) { Cursor(date: $0.created, id: $0.id.text) }
        }
    }

    public func update(_ user: User.ID, _ change: UserChange) async throws -> User? {
        try await writer.write(promise: change.lastSeen == nil) { database in
            guard var row = try database.row("SELECT * FROM users WHERE id = ?", [user.text]).map(User.init) else {
                return nil
            }
            row.passwordHash = change.passwordHash ?? row.passwordHash
            row.role = change.role ?? row.role
            row.isDisabled = change.isDisabled ?? row.isDisabled
            row.limits = change.limits ?? row.limits
            row.lastSeen = change.lastSeen ?? row.lastSeen
            try database.run(
                """
                UPDATE users SET password_hash = ?, role = ?, disabled = ?, images_per_minute = ?,
                    images_per_month = ?, active_jobs = ?, last_seen = ? WHERE id = ?
                """,
                [
                    row.passwordHash, row.role.rawValue, row.isDisabled, row.limits.imagesPerMinute,
                    row.limits.imagesPerMonth, row.limits.activeJobs, row.lastSeen?.milliseconds, user.text,
                ])
            return row
        }
    }

    public func remove(_ user: User.ID) async throws -> Bool {
        try await writer.write(promise: true) { database in
            try database.run("DELETE FROM users WHERE id = ?", [user.text])
            return database.hasChanged
        }
    }

    public func hasUsers() async throws -> Bool {
        try await read { try $0.row("SELECT 1 FROM users LIMIT 1") != nil }
    }

    public func add(_ invitation: Invitation) async throws {
        try await writer.write(promise: true) { database in
            try database.insert(
                into: "invitations",
                [
                    "id": invitation.id.text, "token_hash": invitation.tokenHash, "email": invitation.email,
                    "role": invitation.role.rawValue, "invited_by": invitation.invitedBy?.text,
                    "created": invitation.created.milliseconds, "expires": invitation.expires.milliseconds,
                ])
        }
    }

    public func invitation(tokenHash: Data, now: Date) async throws -> Invitation? {
        try await read { try Self.invitation(tokenHash, now: now, in: $0) }
    }

    private static func invitation(_ hash: Data, now: Date, in database: Database) throws -> Invitation? {
        try database.row(
            "SELECT * FROM invitations WHERE token_hash = ? AND expires > ?", [hash, now.milliseconds]
        ).map(Invitation.init)
    }
}

extension Cursor {
    /// What the columns `(created, id)` must be less than.
    static func values(_ cursor: Cursor?) -> [Database.Value] {
        [cursor?.date.milliseconds ?? Int64.max, cursor?.id ?? ""]
    }
}

extension Page {
    /// A page of what was looked up with one row more than the limit.
    init(_ elements: [Element], limit: Int, cursor: (Element) -> Cursor) {
        let page = Array(elements.prefix(limit))
        self.init(elements: page, next: elements.count > limit ? page.last.map(cursor) : nil)
    }
}

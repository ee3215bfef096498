import Foundation
import GRDB

extension SQLiteStore {
    // MARK: Sessions

    public func add(_ session: Session) async throws {
        try await writer.write(promise: true) { database in
            try database.insert(
                into: "sessions",
                [
                    "id": session.id.text, "user": session.user.text, "token_hash": session.tokenHash,
                    "previous_hash": session.previousHash, "created": session.created.milliseconds,
                    "rotated": session.rotated.milliseconds, "expires": session.expires.milliseconds,
                ])
        }
    }

    public func session(tokenHash: Data) async throws -> (session: Session, user: User)? {
        try await read { database in
            let row = try database.row(
                "SELECT * FROM sessions WHERE token_hash = ? OR previous_hash = ?", [tokenHash, tokenHash])
            guard let session = row.map(Session.init),
                let user = try database.row("SELECT * FROM users WHERE id = ?", [session.user.text])
            else { return nil }
            return (session, try User(user))
        }
    }

    public func rotate(_ session: Session, from tokenHash: Data) async throws -> Bool {
        try await writer.write(promise: true) { database in
            try database.run(
                """
                UPDATE sessions SET token_hash = ?, previous_hash = ?, rotated = ?, expires = ?
                WHERE id = ? AND token_hash = ?
                """,
                [
                    session.tokenHash, session.previousHash, session.rotated.milliseconds,
                    session.expires.milliseconds, session.id.text, tokenHash,
                ])
            return database.hasChanged
        }
    }

    public func remove(_ session: Session.ID) async throws {
        try await writer.write(promise: true) { try $0.run("DELETE FROM sessions WHERE id = ?", [session.text]) }
    }

    public func removeSessions(of user: User.ID, except session: Session.ID?) async throws {
        try await writer.write(promise: true) { database in
            try database.run("DELETE FROM sessions WHERE user = ? AND id <> ?", [user.text, session?.text ?? ""])
        }
    }

    // MARK: Keys

    public func add(_ key: APIKey) async throws {
        try await writer.write(promise: true) { database in
            try database.insert(
                into: "api_keys",
                [
                    "id": key.id.text, "user": key.user.text, "name": key.name, "hash": key.hash, "hint": key.hint,
                    "scopes": key.scopes.map(\.rawValue).sorted().joined(separator: " "),
                    "created": key.created.milliseconds, "expires": key.expires?.milliseconds,
                    "last_used": key.lastUsed?.milliseconds, "revoked": key.revoked?.milliseconds,
                ])
        }
    }

    public func key(hash: Data) async throws -> (key: APIKey, user: User)? {
        try await read { database in
            guard let key = try database.row("SELECT * FROM api_keys WHERE hash = ?", [hash]).map(APIKey.init),
                let user = try database.row("SELECT * FROM users WHERE id = ?", [key.user.text])
            else { return nil }
            return (key, try User(user))
        }
    }

    public func keys(of owner: User.ID) async throws -> [APIKey] {
        try await read { database in
            try database.rows(
                "SELECT * FROM api_keys WHERE user = ? AND revoked IS NULL ORDER BY created DESC, id DESC",
                [owner.text]
            ).map(APIKey.init)
        }
    }

    public func revoke(_ key: APIKey.ID, owner: User.ID, now: Date) async throws -> Bool {
        try await writer.write(promise: true) { database in
            try database.run(
                "UPDATE api_keys SET revoked = ? WHERE id = ? AND user = ? AND revoked IS NULL",
                [now.milliseconds, key.text, owner.text])
            return database.hasChanged
        }
    }

    public func touch(_ keys: [APIKey.ID: Date]) async throws {
        try await writer.write { database in
            for (key, date) in keys {
                try database.run("UPDATE api_keys SET last_used = ? WHERE id = ?", [date.milliseconds, key.text])
                try database.run(
                    "UPDATE users SET last_seen = ? WHERE id = (SELECT user FROM api_keys WHERE id = ?)",
                    [date.milliseconds, key.text])
            }
        }
    }
}

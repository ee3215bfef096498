import Foundation
import Store

/// A program that showed a key.
public struct KeyAccess: Sendable {
    public var user: User
    public var key: APIKey

    /// - Throws: `AccountError.missingScope`.
    public func require(_ scope: APIKey.Scope) throws(AccountError) {
        guard key.scopes.contains(scope) else { throw .missingScope(scope.rawValue) }
    }
}

/// A key that was just made. `secret` is the key itself; it is nowhere else.
public struct NewKey: Sendable {
    public var secret: String
    public var key: APIKey
}

extension Accounts {
    /// What keys begin with, so that one that leaked is recognised.
    public static let keyPrefix = "li-"

    /// Who a key belongs to.
    /// - Throws: `AccountError.invalidKey`, `.disabled`.
    public func access(key: String) async throws -> KeyAccess {
        guard !key.isEmpty else { throw AccountError.invalidKey(.missing) }
        let hash = Token.hash(key)
        guard let (row, user) = try await store.key(hash: hash), ConstantTime.equal(row.hash, hash) else {
            throw AccountError.invalidKey(.unknown)
        }
        let now = clock.now()
        guard row.revoked == nil else { throw AccountError.invalidKey(.revoked) }
        if let expires = row.expires, expires <= now { throw AccountError.invalidKey(.expired) }
        guard !user.isDisabled else { throw AccountError.disabled }
        await touches.note(row.id, now: now)
        return KeyAccess(user: user, key: row)
    }

    /// - Parameter expires: nil for never.
    /// - Throws: `AccountError.invalidName`, `.tooManyKeys`.
    public func createKey(
        for user: User.ID, name: String, scopes: Set<APIKey.Scope> = Set(APIKey.Scope.allCases), expires: Date? = nil
    ) async throws -> NewKey {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...100).contains(name.count), name.utf8.count <= 400 else { throw AccountError.invalidName }
        guard try await store.keys(of: user).count < options.keysPerUser else {
            throw AccountError.tooManyKeys(limit: options.keysPerUser)
        }
        let secret = Self.keyPrefix + RandomText.base62(43)
        let key = APIKey(
            user: user, name: name, hash: Token.hash(secret), hint: Self.masked(secret), scopes: scopes,
            created: clock.now(), expires: expires)
        try await store.add(key)
        return NewKey(secret: secret, key: key)
    }

    /// Newest first, without revoked ones.
    public func keys(of user: User.ID) async throws -> [APIKey] { try await store.keys(of: user) }

    /// - Throws: `AccountError.notFound` where the owner has no such key.
    public func revokeKey(_ key: APIKey.ID, owner: User.ID) async throws {
        guard try await store.revoke(key, owner: owner, now: clock.now()) else { throw AccountError.notFound }
    }

    /// What may be shown of a key, `li-ab…yz`; of something too short to be one, nothing.
    public static func masked(_ key: String) -> String {
        key.count < 16 ? "…" : "\(key.prefix(5))…\(key.suffix(2))"
    }
}

/// Notes when keys are used, a minute's worth in one write.
actor KeyTouches {
    private let store: any DataStore
    private var pending: [APIKey.ID: Date] = [:]
    private var noted: [APIKey.ID: Date] = [:]
    private var writing: Task<Void, Never>?

    init(store: any DataStore) { self.store = store }

    func note(_ key: APIKey.ID, now: Date) {
        if let last = noted[key], now.timeIntervalSince(last) < 60 { return }
        if noted.count > 10_000 { noted = [:] }
        noted[key] = now
        pending[key] = now
        if writing == nil { writing = Task { await write() } }
    }

    private func write() async {
        let touched = pending
        pending = [:]
        // A note that is lost says that a key was used a minute less recently.
        try? await store.touch(touched)
        writing = nil
        if !pending.isEmpty { writing = Task { await write() } }
    }
}

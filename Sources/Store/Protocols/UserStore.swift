import Foundation

public protocol UserStore: Sendable {
    /// Adds an account; the first one of a store becomes an admin, whatever it asks for. An invitation that is given is
    /// used up, and lends its role.
    /// - Returns: the account as it was added; nil where the invitation is unknown, out of date, used, or for another
    ///   address.
    /// - Throws: `StoreError.taken` for an e-mail address that has an account.
    func add(_ user: User, invitation: Data?, now: Date) async throws -> User?
    func user(_ id: User.ID) async throws -> User?
    func user(email: String) async throws -> User?
    /// Newest first; `search` is a part of the address.
    func users(search: String, after: Cursor?, limit: Int) async throws -> Page<User>
    /// - Returns: the account as it is now; nil where there is none.
    func update(_ user: User.ID, _ change: UserChange) async throws -> User?
    /// Removes the account and everything that belongs to it.
    /// - Returns: whether there was one.
    func remove(_ user: User.ID) async throws -> Bool
    func hasUsers() async throws -> Bool

    func add(_ invitation: Invitation) async throws
    /// The invitation with this token, where it may still be used.
    func invitation(tokenHash: Data, now: Date) async throws -> Invitation?
}

public protocol SessionStore: Sendable {
    func add(_ session: Session) async throws
    /// The session with this token, or with this token before its last rotation, and its account.
    func session(tokenHash: Data) async throws -> (session: Session, user: User)?
    /// Replaces the token's hash and the dates, if the hash is still `tokenHash`: one of two that rotate at once wins.
    /// - Returns: whether this one did.
    func rotate(_ session: Session, from tokenHash: Data) async throws -> Bool
    func remove(_ session: Session.ID) async throws
    /// All of an account, but for one.
    func removeSessions(of user: User.ID, except: Session.ID?) async throws
}

public protocol KeyStore: Sendable {
    func add(_ key: APIKey) async throws
    /// Any key with this hash, revoked and expired ones too, and its account.
    func key(hash: Data) async throws -> (key: APIKey, user: User)?
    /// Newest first, without those that were revoked.
    func keys(of owner: User.ID) async throws -> [APIKey]
    /// - Returns: whether the owner has such a key that was not revoked before.
    func revoke(_ key: APIKey.ID, owner: User.ID, now: Date) async throws -> Bool
    /// Notes when keys were used last, and when their accounts were seen.
    func touch(_ keys: [APIKey.ID: Date]) async throws
}

import Foundation
import Store

extension Accounts {
    /// Newest first; `search` is a part of the address.
    public func users(search: String = "", after cursor: Cursor? = nil, limit: Int = 50) async throws -> Page<User> {
        try await store.users(search: search, after: cursor, limit: limit)
    }

    public func user(_ id: User.ID) async throws -> User? { try await store.user(id) }

    public func user(email: String) async throws -> User? {
        try await store.user(email: Email.normalized(email))
    }

    /// Changes an account's role, limits or whether it is disabled; a disabled one is signed out everywhere.
    /// - Throws: `AccountError.notFound`, `.lastAdmin`.
    public func update(_ id: User.ID, _ change: UserChange) async throws -> User {
        if change.role == .member || change.isDisabled == true { try await keepAnAdmin(besides: id) }
        guard let user = try await store.update(id, change) else { throw AccountError.notFound }
        if user.isDisabled { try await store.removeSessions(of: id, except: nil) }
        return user
    }

    /// Sets a password without asking for the old one, and ends all sessions.
    public func setPassword(of id: User.ID, to password: String) async throws {
        _ = try await update(id, UserChange(passwordHash: try await passwords.hash(password)))
        try await store.removeSessions(of: id, except: nil)
    }

    /// Removes an account with all its pictures, keys and jobs.
    /// - Throws: `AccountError.notFound`, `.lastAdmin`.
    public func remove(_ id: User.ID) async throws {
        try await keepAnAdmin(besides: id)
        guard try await store.remove(id) else { throw AccountError.notFound }
        try await store.collectGarbage()
    }

    /// Leave to make an account.
    /// - Parameter email: the only address that may use it; nil for any.
    /// - Returns: the invitation's token.
    public func invite(email: String?, role: User.Role, by admin: User.ID?) async throws -> String {
        let token = Token.random()
        let now = clock.now()
        try await store.add(
            Invitation(
                tokenHash: Token.hash(token), email: try email.map(Email.normalized), role: role, invitedBy: admin,
                created: now, expires: now + options.invitationLife))
        return token
    }

    /// Whether an invitation can still be used.
    public func isValid(invitation: String) async throws -> Bool {
        try await store.invitation(tokenHash: Token.hash(invitation), now: clock.now()) != nil
    }

    private func keepAnAdmin(besides id: User.ID) async throws {
        guard let user = try await store.user(id) else { throw AccountError.notFound }
        guard user.role == .admin, !user.isDisabled else { return }
        var cursor: Cursor?
        repeat {
            let page = try await store.users(search: "", after: cursor, limit: 200)
            if page.elements.contains(where: { $0.role == .admin && !$0.isDisabled && $0.id != id }) { return }
            cursor = page.next
        } while cursor != nil
        throw AccountError.lastAdmin
    }
}

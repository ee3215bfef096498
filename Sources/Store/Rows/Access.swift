import Foundation

/// A browser that is signed in. The token itself is never stored.
public struct Session: Entity, Hashable {
    public typealias ID = Identifier<Session>
    public static let prefix = "sess"

    public var id: ID
    public var user: User.ID
    /// SHA-256 of the token.
    public var tokenHash: Data
    /// The hash before the last rotation: good for a moment more, so that requests that overlap with it succeed.
    public var previousHash: Data?
    public var created: Date
    public var rotated: Date
    public var expires: Date

    public init(
        id: ID = ID(), user: User.ID, tokenHash: Data, previousHash: Data? = nil, created: Date, rotated: Date,
        expires: Date
    ) {
        self.id = id
        self.user = user
        self.tokenHash = tokenHash
        self.previousHash = previousHash
        self.created = created
        self.rotated = rotated
        self.expires = expires
    }
}

/// A key of the API. The key itself is never stored.
public struct APIKey: Entity, Hashable {
    public typealias ID = Identifier<APIKey>
    public static let prefix = "key"

    /// What a key allows.
    public enum Scope: String, Codable, CaseIterable, Sendable {
        /// Asking for pictures.
        case images
        /// Seeing and cancelling jobs.
        case jobs
        case models
        case moderations
    }

    public var id: ID
    public var user: User.ID
    public var name: String
    /// SHA-256 of the key.
    public var hash: Data
    /// What may be shown of the key, such as `li-ab…yz`.
    public var hint: String
    public var scopes: Set<Scope>
    public var created: Date
    public var expires: Date?
    public var lastUsed: Date?
    public var revoked: Date?

    public init(
        id: ID = ID(), user: User.ID, name: String, hash: Data, hint: String,
        scopes: Set<Scope> = Set(Scope.allCases), created: Date, expires: Date? = nil, lastUsed: Date? = nil,
        revoked: Date? = nil
    ) {
        self.id = id
        self.user = user
        self.name = name
        self.hash = hash
        self.hint = hint
        self.scopes = scopes
        self.created = created
        self.expires = expires
        self.lastUsed = lastUsed
        self.revoked = revoked
    }
}

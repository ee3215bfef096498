import Foundation

/// An account.
public struct User: Entity, Hashable {
    public typealias ID = Identifier<User>
    public static let prefix = "user"

    public enum Role: String, Codable, Sendable {
        case member, admin
    }

    public var id: ID
    /// In lower case, unique.
    public var email: String
    /// The password's scrypt hash with its salt and cost; nil for an account that cannot sign in with one.
    public var passwordHash: String?
    public var role: Role
    public var isDisabled: Bool
    public var limits: AccountLimits
    public var created: Date
    public var lastSeen: Date?

    public init(
        id: ID = ID(), email: String, passwordHash: String?, role: Role = .member, isDisabled: Bool = false,
        limits: AccountLimits = AccountLimits(), created: Date, lastSeen: Date? = nil
    ) {
        self.id = id
        self.email = email
        self.passwordHash = passwordHash
        self.role = role
        self.isDisabled = isDisabled
        self.limits = limits
        self.created = created
        self.lastSeen = lastSeen
    }
}

/// What an account may use; nil keeps the server's default.
public struct AccountLimits: Hashable, Codable, Sendable {
    /// Pictures that may be asked for in any 60 seconds.
    public var imagesPerMinute: Int?
    /// Pictures that may be asked for in a calendar month (UTC).
    public var imagesPerMonth: Int?
    /// Jobs that may wait or run at once.
    public var activeJobs: Int?

    public init(imagesPerMinute: Int? = nil, imagesPerMonth: Int? = nil, activeJobs: Int? = nil) {
        self.imagesPerMinute = imagesPerMinute
        self.imagesPerMonth = imagesPerMonth
        self.activeJobs = activeJobs
    }
}

/// What shall be other about an account; nil stays as it is.
public struct UserChange: Sendable {
    public var passwordHash: String?
    public var role: User.Role?
    public var isDisabled: Bool?
    public var limits: AccountLimits?
    public var lastSeen: Date?

    public init(
        passwordHash: String? = nil, role: User.Role? = nil, isDisabled: Bool? = nil, limits: AccountLimits? = nil,
        lastSeen: Date? = nil
    ) {
        self.passwordHash = passwordHash
        self.role = role
        self.isDisabled = isDisabled
        self.limits = limits
        self.lastSeen = lastSeen
    }
}

/// Leave for one person to make an account.
public struct Invitation: Entity, Hashable {
    public typealias ID = Identifier<Invitation>
    public static let prefix = "inv"

    public var id: ID
    public var tokenHash: Data
    /// The only address that may use it; nil for any.
    public var email: String?
    public var role: User.Role
    /// Who gave it; nil for the server itself.
    public var invitedBy: User.ID?
    public var created: Date
    public var expires: Date

    public init(
        id: ID = ID(), tokenHash: Data, email: String?, role: User.Role, invitedBy: User.ID?, created: Date,
        expires: Date
    ) {
        self.id = id
        self.tokenHash = tokenHash
        self.email = email
        self.role = role
        self.invitedBy = invitedBy
        self.created = created
        self.expires = expires
    }
}

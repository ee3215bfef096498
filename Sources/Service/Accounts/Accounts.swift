import Foundation
import Store

/// Who may make an account.
public enum SignUpMode: String, Codable, CaseIterable, Sendable {
    case open, invitation, closed
}

/// Somebody who signed in.
public struct SignedIn: Sendable {
    public var user: User
    public var session: Session
    /// The session's token where the browser must be told it: at first, and after a rotation.
    public var token: String?
}

/// Accounts, and how people and programs show who they are.
///
/// Sign-ups and sign-ins are throttled by address and by where they come from, and tell nothing about which addresses
/// have accounts. Passwords, tokens and keys are stored as hashes.
public struct Accounts: Sendable {
    public struct Options: Sendable {
        /// Seconds until an unused session ends.
        public var sessionLife: TimeInterval = 30 * 86400
        /// Seconds after which a session gets another token.
        public var rotation: TimeInterval = 3600
        public var invitationLife: TimeInterval = 7 * 86400
        public var passwordCost = Password.Cost.standard
        public var keysPerUser = 100

        public init() {}
    }

    let store: any DataStore
    let options: Options
    let clock: WallClock
    let passwords: Password
    private let byEmail = Throttle(.init(failures: 10, seconds: 900))
    private let bySource = Throttle(.init(failures: 30, seconds: 900))
    private let signUps = Throttle(.init(failures: 20, seconds: 3600))
    let touches: KeyTouches
    private static let signUpSetting = "sign_up"

    public init(store: any DataStore, options: Options = Options(), clock: WallClock = .system) throws {
        self.store = store
        self.options = options
        self.clock = clock
        passwords = try Password(cost: options.passwordCost)
        touches = KeyTouches(store: store)
    }

    // MARK: Making an account

    /// Whether nobody has an account yet.
    public func isEmpty() async throws -> Bool { try await !store.hasUsers() }

    /// By invitation, unless an admin chose otherwise.
    public func signUpMode() async throws -> SignUpMode {
        try await store.setting(Self.signUpSetting).flatMap(SignUpMode.init) ?? .invitation
    }

    public func setSignUpMode(_ mode: SignUpMode) async throws {
        try await store.set(Self.signUpSetting, to: mode.rawValue)
    }

    /// An invitation for whoever runs the server, who becomes the admin. For a store without accounts.
    public func firstRunInvitation() async throws -> String { try await invite(email: nil, role: .admin, by: nil) }

    /// Makes an account and signs it in. The first account of a store becomes an admin.
    ///
    /// - Parameter source: where the request comes from, such as a network address.
    /// - Throws: `AccountError`.
    public func signUp(
        email: String, password: String, invitation: String? = nil, from source: String
    ) async throws -> SignedIn {
        let email = try Email.normalized(email)
        let now = clock.now()
        try signUps.check(source, now: now)
        signUps.fail(source, now: now)
        if invitation == nil {
            switch try await signUpMode() {
            case .open: break
            case .invitation: throw AccountError.invitationRequired
            case .closed: throw AccountError.signUpClosed
            }
        }
        let user = User(email: email, passwordHash: try await passwords.hash(password), created: now, lastSeen: now)
        guard let added = try await add(user, invitation: invitation.map(Token.hash), now: now) else {
            throw AccountError.invalidInvitation
        }
        return try await begin(added, now: now)
    }

    /// Makes an account for somebody, without asking who may: for the command line.
    /// - Parameter password: nil makes an account that uses keys alone.
    public func create(email: String, password: String?, role: User.Role = .member) async throws -> User {
        var hash: String?
        if let password { hash = try await passwords.hash(password) }
        let now = clock.now()
        let user = User(email: try Email.normalized(email), passwordHash: hash, role: role, created: now)
        return try await add(user, invitation: nil, now: now) ?? user
    }

    private func add(_ user: User, invitation: Data?, now: Date) async throws -> User? {
        do {
            return try await store.add(user, invitation: invitation, now: now)
        } catch StoreError.taken {
            throw AccountError.emailTaken
        }
    }

    // MARK: Signing in

    /// - Parameter source: where the request comes from, such as a network address.
    /// - Throws: `AccountError.wrongCredentials`, `.throttled`, `.disabled` (after the right password alone).
    public func signIn(email: String, password: String, from source: String) async throws -> SignedIn {
        let now = clock.now()
        let address = (try? Email.normalized(email)) ?? ""
        try bySource.check(source, now: now)
        try byEmail.check(address + "\n" + source, now: now)
        let user = try await store.user(email: address)
        guard try await passwords.matches(password, hash: user?.passwordHash), let user else {
            bySource.fail(source, now: now)
            byEmail.fail(address + "\n" + source, now: now)
            throw AccountError.wrongCredentials
        }
        byEmail.succeed(address + "\n" + source)
        guard !user.isDisabled else { throw AccountError.disabled }
        return try await begin(user, now: now)
    }

    private func begin(_ user: User, now: Date) async throws -> SignedIn {
        let token = Token.random()
        let session = Session(
            user: user.id, tokenHash: Token.hash(token), created: now, rotated: now,
            expires: now + options.sessionLife)
        try await store.add(session)
        _ = try await store.update(user.id, UserChange(lastSeen: now))
        return SignedIn(user: user, session: session, token: token)
    }

    /// Who a session's token belongs to; nil where it is unknown or out of date, or the account is disabled.
    public func session(token: String) async throws -> SignedIn? {
        let hash = Token.hash(token)
        guard let (session, user) = try await store.session(tokenHash: hash), !user.isDisabled else { return nil }
        let now = clock.now()
        let isCurrent = ConstantTime.equal(session.tokenHash, hash)
        // The token before the last rotation is good for a minute more: requests that were under way carry it.
        guard session.expires > now, isCurrent || now < session.rotated + 60 else { return nil }
        guard isCurrent, now >= session.rotated + options.rotation else {
            return SignedIn(user: user, session: session)
        }
        return try await rotate(session, of: user, now: now)
    }

    private func rotate(_ session: Session, of user: User, now: Date) async throws -> SignedIn {
        let token = Token.random()
        var rotated = session
        rotated.previousHash = session.tokenHash
        rotated.tokenHash = Token.hash(token)
        rotated.rotated = now
        rotated.expires = now + options.sessionLife
        let isOurs = try await store.rotate(rotated, from: session.tokenHash)
        _ = try await store.update(user.id, UserChange(lastSeen: now))
        return isOurs
            ? SignedIn(user: user, session: rotated, token: token) : SignedIn(user: user, session: session)
    }

    public func signOut(_ session: Session.ID) async throws { try await store.remove(session) }

    /// Ends all of an account's sessions, but for one.
    public func signOutEverywhere(_ user: User.ID, except session: Session.ID? = nil) async throws {
        try await store.removeSessions(of: user, except: session)
    }

    /// Sets another password and ends all other sessions.
    /// - Throws: `AccountError.wrongCredentials`, `.weakPassword`, `.throttled`.
    public func changePassword(
        of user: User, current: String, new: String, keeping session: Session.ID?, from source: String
    ) async throws {
        let now = clock.now()
        try byEmail.check(user.email + "\n" + source, now: now)
        guard try await passwords.matches(current, hash: user.passwordHash) else {
            byEmail.fail(user.email + "\n" + source, now: now)
            throw AccountError.wrongCredentials
        }
        _ = try await store.update(user.id, UserChange(passwordHash: try await passwords.hash(new)))
        try await signOutEverywhere(user.id, except: session)
    }
}

enum Email {
    /// In lower case and without spaces around it.
    /// - Throws: `AccountError.invalidEmail` for what can be no address.
    static func normalized(_ text: String) throws -> String {
        let address = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
            .precomposedStringWithCanonicalMapping
        let parts = address.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, address.utf8.count <= 254,
            !address.unicodeScalars.contains(where: {
                $0.properties.isWhitespace || $0.value < 0x21 || $0.value == 0x7F
            })
        else { throw AccountError.invalidEmail }
        return address
    }
}

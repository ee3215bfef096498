import Foundation

/// Why somebody was not let in, or may not do something.
public enum AccountError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Key: Hashable, Sendable {
        case missing, unknown, expired, revoked
    }

    /// The address is unknown or the password is another; which of them is not told.
    case wrongCredentials
    /// Too many attempts; so many seconds until the next one.
    case throttled(retryAfter: TimeInterval)
    case invalidEmail
    case weakPassword
    case emailTaken
    case signUpClosed
    case invitationRequired
    case invalidInvitation
    case disabled
    case invalidKey(Key)
    case missingScope(String)
    case invalidName
    /// The account does not exist, or the thing is another account's.
    case notFound
    /// Somebody must remain who can administer the server.
    case lastAdmin
    case tooManyKeys(limit: Int)

    public var description: String {
        switch self {
        case .wrongCredentials: "the e-mail address or the password is wrong"
        case .throttled(let seconds): "too many attempts; try again in \(Int(seconds.rounded(.up))) seconds"
        case .invalidEmail: "that is no e-mail address; expected something like name@example.org"
        case .weakPassword:
            "the password must have \(Password.lengths.lowerBound) to \(Password.lengths.upperBound) characters"
        case .emailTaken: "there is an account with this e-mail address already; sign in"
        case .signUpClosed: "this server takes no new accounts; ask who runs it"
        case .invitationRequired: "this server takes new accounts by invitation; open the link that you were sent"
        case .invalidInvitation:
            "this invitation was used, is out of date, or is for another address; ask for a new one"
        case .disabled: "this account is disabled; ask who runs this server"
        case .invalidKey(.missing): "no API key was given"
        case .invalidKey(.unknown): "there is no such API key"
        case .invalidKey(.expired): "this API key is out of date; make a new one"
        case .invalidKey(.revoked): "this API key was revoked; make a new one"
        case .missingScope(let scope): "this API key lacks the scope '\(scope)'; make one that has it"
        case .invalidName: "a name has 1 to 100 characters"
        case .notFound: "there is no such account or key"
        case .lastAdmin: "this is the last admin; make another account one first"
        case .tooManyKeys(let limit): "an account has at most \(limit) keys; revoke one first"
        }
    }
}

import Hummingbird
import Service
import Store

/// A request to `/api`: who is signed in, as the session's middleware found out, and where it comes from.
public protocol StudioContext: RequestContext {
    var signedIn: SignedIn? { get set }
    /// For throttling.
    var clientAddress: String { get }
}

extension StudioContext {
    /// - Throws: 401 where nobody is signed in.
    var current: SignedIn {
        get throws {
            guard let signedIn else { throw StudioProblem.signedOut }
            return signedIn
        }
    }

    /// - Throws: 401 where nobody is signed in.
    var user: User { get throws { try current.user } }

    /// - Throws: 401, and 403 for whoever is no admin.
    var admin: User {
        get throws {
            let user = try user
            guard user.role == .admin else {
                throw StudioProblem(.forbidden, "This needs an admin.", code: "not_an_admin")
            }
            return user
        }
    }
}

extension StudioProblem {
    static let signedOut = StudioProblem(.unauthorized, "Sign in to go on.", code: "session_expired")
}

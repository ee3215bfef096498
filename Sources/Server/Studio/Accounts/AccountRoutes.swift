import Foundation
import Hummingbird
import Service
import Store

/// Signing up, in and out, and the password.
struct AccountRoutes: Sendable {
    let accounts: Accounts
    let sessions: StudioSessions

    private struct View: Encodable {
        struct Account: Encodable {
            var id: User.ID
            var email: String
            var admin: Bool
            var created: Date
        }

        var account: Account?
        var csrf: String?
        var sign_up: SignUpMode
        var first_run: Bool
    }

    private struct Credentials: Decodable {
        var email: String
        var password: String
        var invitation: String?
    }

    private struct PasswordChange: Decodable {
        var current_password: String
        var new_password: String
    }

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.get("/session") { _, context in
            try Response.json(try await view(context.signedIn))
        }
        router.post("/session") { [accounts] request, context in
            let given = try await request.json(Credentials.self, limit: 1 << 16)
            return try await begin(
                try await accounts.signIn(email: given.email, password: given.password, from: context.clientAddress))
        }
        router.post("/account") { [accounts] request, context in
            let given = try await request.json(Credentials.self, limit: 1 << 16)
            let signedIn = try await accounts.signUp(
                email: given.email, password: given.password, invitation: given.invitation,
                from: context.clientAddress)
            return try await begin(signedIn, status: .created)
        }
        router.delete("/session") { [accounts] _, context in
            if let session = context.signedIn?.session { try await accounts.signOut(session.id) }
            return end()
        }
        router.delete("/sessions") { [accounts] _, context in
            try await accounts.signOutEverywhere(try context.user.id)
            return end()
        }
        router.patch("/account") { [accounts] request, context in
            let current = try context.current
            let given = try await request.json(PasswordChange.self, limit: 1 << 16)
            try await accounts.changePassword(
                of: current.user, current: given.current_password, new: given.new_password,
                keeping: current.session.id, from: context.clientAddress)
            return Response.nothing
        }
    }

    private func view(_ signedIn: SignedIn?) async throws -> View {
        View(
            account: signedIn.map {
                View.Account(
                    id: $0.user.id, email: $0.user.email, admin: $0.user.role == .admin, created: $0.user.created)
            }, csrf: signedIn.map { sessions.token(for: $0.session) }, sign_up: try await accounts.signUpMode(),
            first_run: try await accounts.isEmpty())
    }

    private func begin(_ signedIn: SignedIn, status: HTTPResponse.Status = .ok) async throws -> Response {
        var response = try Response.json(try await view(signedIn), status: status)
        if let token = signedIn.token { sessions.set(token, on: &response) }
        return response
    }

    private func end() -> Response {
        var response = Response.nothing
        sessions.set("", on: &response)
        return response
    }
}

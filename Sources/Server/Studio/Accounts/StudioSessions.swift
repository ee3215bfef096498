import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Service
import Store

/// The cookie that a browser is signed in by, and the token that shows that a request comes from the page itself.
///
/// A request that changes something must come from the same origin and carry `X-Limn-CSRF`, which another site can
/// neither read nor send. Before a session there is no token; then only JSON is taken, which another site cannot send
/// without asking first.
struct StudioSessions: Sendable {
    static let cookie = "limn_session"

    let accounts: Accounts
    /// Derived from the server's secret, so that tokens live as long as sessions.
    let key: SymmetricKey
    /// Whether cookies travel by TLS alone.
    let isSecure: Bool

    /// The page's token for a session.
    func token(for session: Session) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("csrf\n\(session.id)".utf8), using: key)
        return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    func find(_ request: Request) async throws -> SignedIn? {
        guard let token = request.cookies[Self.cookie]?.value, !token.isEmpty else { return nil }
        return try await accounts.session(token: token)
    }

    /// - Throws: 403.
    func check(_ request: Request, _ signedIn: SignedIn?) throws {
        guard request.method != .get, request.method != .head else { return }
        let refusal = StudioProblem(
            .forbidden, "This request does not come from the studio's page; reload it and try again.",
            code: "csrf_failed")
        if let origin = request.headers[.origin], let host = request.head.authority,
            URLComponents(string: origin).map(Self.authority) != host.lowercased()
        {
            throw refusal
        }
        if let signedIn {
            let given = request.headers[.csrf] ?? ""
            guard ConstantTime.equal(given.utf8, token(for: signedIn.session).utf8) else { throw refusal }
        } else if request.headers[.contentType]?.lowercased().hasPrefix("application/json") != true {
            throw StudioProblem.signedOut
        }
    }

    private static func authority(_ origin: URLComponents) -> String {
        let host = (origin.host ?? "").lowercased()
        return origin.port.map { "\(host):\($0)" } ?? host
    }

    /// Tells the browser its session's token; an empty one makes it forget.
    func set(_ token: String, on response: inout Response) {
        response.setCookie(
            Cookie(
                name: Self.cookie, value: token, maxAge: token.isEmpty ? 0 : 30 * 86400, path: "/", secure: isSecure,
                httpOnly: true, sameSite: .lax))
    }
}

/// Finds out who is signed in, refuses requests that the page did not send, and hands out renewed tokens.
struct StudioSessionMiddleware<Context: StudioContext>: RouterMiddleware {
    let sessions: StudioSessions

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        let signedIn = try await sessions.find(request)
        try sessions.check(request, signedIn)
        context.signedIn = signedIn
        var response = try await next(request, context)
        if let token = signedIn?.token, response.headers[.setCookie] == nil { sessions.set(token, on: &response) }
        return response
    }
}

extension HTTPField.Name {
    static let csrf = Self("X-Limn-CSRF")!
}

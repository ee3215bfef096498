import HTTPTypes
import Hummingbird
import Service
import Store

/// Who calls the API: a program with a key, or a browser that is signed in.
struct Caller: Sendable {
    var user: User
    /// Nil for a browser.
    var key: APIKey?
    /// Whether the client reaches the server by TLS.
    var isSecure: Bool

    /// - Throws: `AccountError.missingScope`.
    func require(_ scope: APIKey.Scope) throws(AccountError) {
        if let key, !key.scopes.contains(scope) { throw .missingScope(scope.rawValue) }
    }
}

extension ServerContext {
    /// Who calls, where that is somebody who may.
    func caller(_ scope: APIKey.Scope) throws -> Caller {
        guard let caller else { throw AccountError.invalidKey(.missing) }
        try caller.require(scope)
        return caller
    }
}

/// Finds out who calls, and tells on each answer how much of the limits is left.
struct AccessMiddleware: RouterMiddleware {
    let accounts: Accounts
    let sessions: StudioSessions
    let limits: Limits
    let isSecure: Bool

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let caller = try await caller(of: request)
        context.caller = caller
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            guard let known = APIError(telling: error) else { throw error }
            response = known.response
        }
        tell(try await limits.status(of: caller.user), on: &response)
        return response
    }

    private func caller(of request: Request) async throws -> Caller {
        guard let header = request.headers[.authorization] else {
            if let signedIn = try await sessions.find(request) {
                try sessions.check(request, signedIn)
                return Caller(user: signedIn.user, key: nil, isSecure: isSecure)
            }
            throw Self.noKey
        }
        let words = header.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { throw Self.noKey }
        let key = words[1].trimmingCharacters(in: .whitespaces)
        do {
            let access = try await accounts.access(key: key)
            return Caller(user: access.user, key: access.key, isSecure: isSecure)
        } catch AccountError.invalidKey {
            throw APIError(
                .unauthorized,
                "Incorrect API key provided: \(Accounts.masked(key)). You can make one in the studio, under Account.",
                code: "invalid_api_key")
        }
    }

    private static let noKey = APIError(
        .unauthorized,
        "You didn't provide an API key. Send it in the header Authorization, as Bearer and the key; you can make one in the "
            + "studio, under Account.", code: "invalid_api_key")

    private func tell(_ status: LimitStatus, on response: inout Response) {
        func set(_ name: String, _ value: String) {
            if let field = HTTPField.Name("x-ratelimit-\(name)") { response.headers[field] = value }
        }
        set("limit-images", "\(status.limit)")
        set("remaining-images", "\(max(0, status.remaining))")
        set("reset-images", Self.duration(status.reset))
        // Requests are not counted over time, but how many may wait at once is.
        set("limit-requests", "\(status.jobLimit)")
        set("remaining-requests", "\(max(0, status.jobLimit - status.activeJobs))")
        set("reset-requests", "1s")
    }

    /// Seconds as OpenAI writes them: `1s`, `6m0s`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds).rounded(.up))
        return whole < 60 ? "\(whole)s" : "\(whole / 60)m\(whole % 60)s"
    }
}

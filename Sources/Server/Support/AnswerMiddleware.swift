import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// The outermost layer: turns every error into an answer, and gives every answer its id, its headers, its line in the log
/// and its place in the metrics.
struct AnswerMiddleware: RouterMiddleware {
    let metrics: ServerMetrics
    let connections: Connections
    /// Other sites whose pages may call the API, such as `https://example.org`.
    let origins: Set<String>
    let isSecure: Bool

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var (request, context) = (request, context)
        context.client = connections.client(of: context.channel)
        let intake = RequestIntake.taking(&request)
        var response: Response
        if let preflight = preflight(request) {
            response = preflight
        } else {
            do {
                response = try await next(request, context)
            } catch {
                response = self.response(to: error, request, context)
            }
        }
        let time = ContinuousClock.now - start
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        secure(&response)
        response.headers[.requestID] = context.id
        if request.uri.path.hasPrefix("/v1/") {
            response.headers[.processingTime] = String(Int(seconds * 1000))
            response.headers[.apiVersion] = "2020-10-01"
        }
        allow(request, &response)
        note(request, context, response.status.code, seconds)
        // Who succeeded has read all that there was.
        guard let intake, response.status.kind != .successful else { return response }
        return response.discarding(intake, of: context.channel)
    }

    private func note(_ request: Request, _ context: ServerContext, _ status: Int, _ seconds: Double) {
        // The route, not the address: that may hold ids and signatures.
        let route = context.endpointPath ?? "none"
        metrics.note(method: request.method.rawValue, route: route, status: status, seconds: seconds)
        context.logger.info(
            "answered",
            metadata: [
                "method": "\(request.method.rawValue.prefix(10))", "route": "\(route)", "status": "\(status)",
                "ms": "\(Int(seconds * 1000))",
            ])
    }

    private func response(to error: any Error, _ request: Request, _ context: ServerContext) -> Response {
        if let problem = error as? StudioProblem,
            let response = try? problem.response(from: request, context: context)
        {
            return response
        }
        if let error = error as? HTTPError, error.status == .notFound {
            return Endpoint.missing(request.method, request.uri.path).response
        }
        if let known = APIError(telling: error) { return known.response }
        // Only its type: a description might quote what was sent.
        context.logger.error("a request failed", metadata: ["error": "\(type(of: error))"])
        return APIError.fault.response
    }

    private func secure(_ response: inout Response) {
        func setUnlessSet(_ name: HTTPField.Name, _ value: String) {
            if response.headers[name] == nil { response.headers[name] = value }
        }
        setUnlessSet(.xContentTypeOptions, "nosniff")
        setUnlessSet(.referrerPolicy, "no-referrer")
        setUnlessSet(.frameOptions, "DENY")
        setUnlessSet(.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
        if isSecure { setUnlessSet(.strictTransportSecurity, "max-age=31536000") }
    }

    // MARK: Other origins

    private func preflight(_ request: Request) -> Response? {
        guard request.method == .options, request.headers[.accessControlRequestMethod] != nil,
            isAllowed(request)
        else { return nil }
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: "GET, POST, DELETE",
                .accessControlAllowHeaders: "Authorization, Content-Type, Idempotency-Key, Prefer, Last-Event-ID",
                .accessControlMaxAge: "600",
            ])
    }

    private func allow(_ request: Request, _ response: inout Response) {
        guard !origins.isEmpty else { return }
        response.headers[.vary] = "Origin"
        guard isAllowed(request) else { return }
        response.headers[.accessControlAllowOrigin] = request.headers[.origin]
        response.headers[.accessControlExposeHeaders] = "x-request-id, Retry-After, Location"
    }

    /// The API alone: the studio is for its own page.
    private func isAllowed(_ request: Request) -> Bool {
        let path = request.uri.path
        guard path.hasPrefix("/v1/") || path.hasPrefix("/files/") else { return false }
        return request.headers[.origin].map(origins.contains) ?? false
    }
}

extension HTTPField.Name {
    static let requestID = Self("x-request-id")!
    static let processingTime = Self("openai-processing-ms")!
    static let apiVersion = Self("openai-version")!
    static let referrerPolicy = Self("Referrer-Policy")!
    static let frameOptions = Self("X-Frame-Options")!
}

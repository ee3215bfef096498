import HTTPTypes
import Store

/// An address of the API with its method, as the OpenAPI document tells it.
struct Endpoint: Sendable {
    var method: HTTPRequest.Method
    /// With its parameters in braces.
    var path: String
    var summary: String
    /// What a key needs; nil for an address that needs none.
    var scope: APIKey.Scope?
    var fields: [Field] = []
    var isForm = false
    /// Statuses beside those that every address may have.
    var statuses: [Int] = [200]
    var isEvents = false

    static let all: [Endpoint] =
        ImageEndpoint.all.map {
            Endpoint(
                method: .post, path: $0.path, summary: $0.summary, scope: .images, fields: $0.fields, isForm: $0.isForm,
                statuses: [200, 202, 400, 404, 413, 415, 422, 429, 503])
        } + [
            Endpoint(method: .get, path: "/v1/models", summary: "The installed models.", scope: .models),
            Endpoint(
                method: .get, path: "/v1/models/{id}", summary: "One model.", scope: .models, statuses: [200, 404]),
            Endpoint(
                method: .post, path: "/v1/moderations", summary: "What the content policy says of texts and pictures.",
                scope: .moderations, statuses: [200, 400, 413, 415]),
            Endpoint(
                method: .get, path: "/v1/jobs/{id}", summary: "A job's state and pictures.", scope: .jobs,
                statuses: [200, 404]),
            Endpoint(
                method: .delete, path: "/v1/jobs/{id}", summary: "Cancels a job.", scope: .jobs, statuses: [200, 404]),
            Endpoint(
                method: .get, path: "/v1/jobs/{id}/events",
                summary: "What happens to a job, until its end; resumes by Last-Event-ID.", scope: .jobs,
                statuses: [200, 404], isEvents: true),
        ] + operations

    /// Addresses that need no key.
    private static let operations = ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"].map {
        Endpoint(method: .get, path: $0, summary: "For who runs the server.", scope: nil)
    }

    private func matches(_ path: String) -> Bool {
        let (own, given) = (self.path.split(separator: "/"), path.split(separator: "/"))
        return own.count == given.count && zip(own, given).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
    }

    /// What is told where no address has this method: 405 where it has another, else 404.
    static func missing(_ method: HTTPRequest.Method, _ path: String) -> APIError {
        guard all.contains(where: { $0.matches(path) }) else {
            return APIError(
                .notFound, "Invalid URL (\(method.rawValue.prefix(10)) \(path.prefix(200)))", code: "unknown_url")
        }
        return APIError(
            .methodNotAllowed, "Not allowed to \(method.rawValue.prefix(10)) on \(path.prefix(200)).",
            code: "method_not_supported")
    }
}

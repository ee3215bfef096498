import Foundation
import HTTPTypes
import Hummingbird

/// An error as OpenAI's clients read it: `{"error": {"message", "type", "param", "code"}}`, all four keys always there.
struct APIError: Error, Sendable {
    var status: HTTPResponse.Status
    var message: String
    var type = "invalid_request_error"
    var param: String?
    var code: String?
    /// Seconds until it may be tried again.
    var retryAfter: Int?
    /// False tells clients that trying again is of no use.
    var shouldRetry: Bool?

    init(
        _ status: HTTPResponse.Status, _ message: String, type: String = "invalid_request_error",
        param: String? = nil, code: String? = nil
    ) {
        self.status = status
        self.message = message
        self.type = type
        self.param = param
        self.code = code
    }

    static func invalid(_ message: String, param: String? = nil, code: String? = nil) -> APIError {
        APIError(.badRequest, message, param: param, code: code)
    }

    static let notFound = APIError(.notFound, "There is no such thing, or it is not yours.", code: "not_found")

    static func unknownModel(_ name: String) -> APIError {
        APIError(
            .notFound, "The model '\(name.prefix(60))' does not exist or you do not have access to it.", param: "model",
            code: "model_not_found")
    }

    static let rejected = APIError(
        .badRequest,
        "Your request was rejected as a result of our safety system. Your prompt may contain text that is not allowed by "
            + "our safety system.", code: "content_policy_violation")

    static func tooLarge(_ limit: Int) -> APIError {
        APIError(.contentTooLarge, "The request is larger than \(limit >> 20) MB.")
    }

    static let fault = APIError(
        .internalServerError, "The server had an error while processing your request.", type: "server_error")

    /// What stands in the body, and in an event of a stream that fails.
    var json: JSONValue {
        .object([
            "error": .object([
                "message": .string(message), "type": .string(type), "param": .optional(param),
                "code": .optional(code),
            ])
        ])
    }

    var response: Response {
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        if let retryAfter { headers[.retryAfter] = String(min(60, max(1, retryAfter))) }
        if let shouldRetry { headers[.shouldRetry] = String(shouldRetry) }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(data: json.data)))
    }
}

extension HTTPField.Name {
    static let shouldRetry = Self("x-should-retry")!
}

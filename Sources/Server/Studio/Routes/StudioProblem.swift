import Foundation
import HTTPTypes
import Hummingbird
import ImageGeneration
import Imaging
import Service
import Store

/// An error as the page reads it: OpenAI's four keys, and for a refusal by the content policy its rule and category.
struct StudioProblem: HTTPResponseError {
    struct Body: Codable, Sendable {
        var message: String
        var type = "invalid_request_error"
        var param: String?
        var code: String?
        var rule: String?
        var category: String?

        private enum CodingKeys: String, CodingKey { case message, type, param, code, rule, category }

        /// `param` and `code` are there even when they are null.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(message, forKey: .message)
            try container.encode(type, forKey: .type)
            try container.encode(param, forKey: .param)
            try container.encode(code, forKey: .code)
            try container.encodeIfPresent(rule, forKey: .rule)
            try container.encodeIfPresent(category, forKey: .category)
        }
    }

    var status: HTTPResponse.Status
    var body: Body
    /// Seconds.
    var retryAfter: Int?

    init(_ status: HTTPResponse.Status, _ message: String, param: String? = nil, code: String? = nil) {
        self.status = status
        body = Body(message: message, param: param, code: code)
    }

    static let notFound = StudioProblem(.notFound, "There is no such thing, or it is not yours.")

    static func tooLarge(_ limit: Int) -> StudioProblem {
        StudioProblem(.contentTooLarge, "The request is larger than \(limit >> 20) MB.")
    }

    static func refused(rule: String, category: String) -> StudioProblem {
        var problem = StudioProblem(
            .badRequest,
            "Your request was rejected as a result of our safety system. Your prompt may contain text that is not allowed "
                + "by our safety system.", param: "prompt", code: "content_policy_violation")
        problem.body.type = "image_generation_user_error"
        problem.body.rule = rule
        problem.body.category = category
        return problem
    }

    static func malformed(_ error: DecodingError) -> StudioProblem {
        func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            (context.codingPath + [key].compactMap(\.self)).map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context):
            return StudioProblem(
                .badRequest, "'\(key.stringValue)' is a required property", param: path(context, key))
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            let name = path(context)
            guard !name.isEmpty else { return StudioProblem(.badRequest, "The request's body is not JSON.") }
            return StudioProblem(.badRequest, "'\(name)' has a value of another kind than expected", param: name)
        @unknown default: return StudioProblem(.badRequest, "The request's body is not as expected.")
        }
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try Response.json(["error": body], status: status)
        if let retryAfter { response.headers[.retryAfter] = String(min(60, max(1, retryAfter))) }
        return response
    }
}

/// Turns what the services throw into what the page reads. What it does not know goes on to the application.
struct StudioProblems<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as JobError {
            throw StudioProblem(error)
        } catch let error as GenerationError {
            throw StudioProblem(JobError.invalid(error))
        } catch let error as AccountError {
            throw StudioProblem(error)
        } catch let error as ImageError {
            throw StudioProblem(.badRequest, "That is no picture that can be used: \(error)", param: "image")
        } catch StoreError.taken(let what) {
            throw StudioProblem(.badRequest, "There is such \(what) already; choose another name.", param: "name")
        }
    }
}

extension StudioProblem {
    /// Which status an error of an account has; 400 where none is named.
    init(_ error: AccountError) {
        self.init(.badRequest, error.description)
        switch error {
        case .wrongCredentials: (status, body.code) = (.forbidden, "wrong_credentials")
        case .throttled(let wait): limited(code: "too_many_attempts", type: "requests", after: wait)
        case .invalidEmail, .emailTaken: body.param = "email"
        case .weakPassword: body.param = "password"
        case .signUpClosed, .invitationRequired, .invalidInvitation: (status, body.code) = (.forbidden, "no_invitation")
        case .disabled: (status, body.code) = (.forbidden, "account_disabled")
        case .invalidName: body.param = "name"
        case .notFound: self = .notFound
        case .lastAdmin, .tooManyKeys: body.code = "not_possible"
        case .invalidKey, .missingScope: status = .unauthorized
        }
    }

    init(_ error: JobError) {
        self.init(.badRequest, error.description)
        switch error {
        case .invalid(let error): body.param = error.parameter
        case .unknownPicture: status = .notFound
        case .unreadablePicture(let parameter, _): body.param = parameter
        case .rejected(let decision, _): self = .refused(rule: decision.rule, category: decision.category)
        case .idempotencyConflict: status = .unprocessableContent
        case .rateLimited(_, let wait):
            self.limited(code: "rate_limit_exceeded", type: "requests", after: wait)
        case .quotaExhausted: self.limited(code: "insufficient_quota", type: "insufficient_quota", after: nil)
        case .tooManyJobs: self.limited(code: "too_many_jobs", type: "requests", after: 10)
        case .queueFull(let wait): self.unavailable(after: wait)
        case .storageFull, .shuttingDown: self.unavailable(after: 30)
        }
    }

    private mutating func limited(code: String, type: String, after seconds: TimeInterval?) {
        status = .tooManyRequests
        body.code = code
        body.type = type
        retryAfter = seconds.map { Int($0.rounded(.up)) }
    }

    private mutating func unavailable(after seconds: TimeInterval) {
        status = .serviceUnavailable
        body.type = "server_error"
        retryAfter = Int(seconds)
    }
}

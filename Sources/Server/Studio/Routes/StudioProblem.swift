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
            throw StudioProblem(
                .badRequest, "That is no picture that can be used: \(error)", param: "image",
                code: "unreadable_picture")
        } catch StoreError.taken(let what) {
            throw StudioProblem(
                .badRequest, "There is such \(what) already; choose another name.", param: "name", code: "name_taken")
        }
    }
}

extension StudioProblem {
    /// What the page is told of an account's error: the code is what it translates.
    init(_ error: AccountError) {
        self.init(.badRequest, error.description)
        switch error {
        case .wrongCredentials: (status, body.code) = (.forbidden, "wrong_credentials")
        case .throttled(let wait): limited(code: "too_many_attempts", type: "requests", after: wait)
        case .invalidEmail: (body.param, body.code) = ("email", "invalid_email")
        case .emailTaken: (body.param, body.code) = ("email", "email_taken")
        case .weakPassword: (body.param, body.code) = ("password", "weak_password")
        case .signUpClosed, .invitationRequired, .invalidInvitation: (status, body.code) = (.forbidden, "no_invitation")
        case .disabled: (status, body.code) = (.forbidden, "account_disabled")
        case .invalidName: (body.param, body.code) = ("name", "invalid_name")
        case .notFound: self = .notFound
        case .lastAdmin: body.code = "last_admin"
        case .tooManyKeys: body.code = "too_many_keys"
        case .invalidKey, .missingScope: status = .unauthorized
        }
    }

    init(_ error: JobError) {
        self.init(.badRequest, error.description)
        switch error {
        case .invalid(let error): (body.param, body.code) = (error.parameter, error.kind.rawValue)
        case .unknownPicture: status = .notFound
        case .unreadablePicture(let parameter, _): (body.param, body.code) = (parameter, "unreadable_picture")
        case .rejected(let decision, _): self = .refused(rule: decision.rule, category: decision.category)
        case .idempotencyConflict: status = .unprocessableContent
        case .rateLimited(_, let wait?): limited(code: "rate_limit_exceeded", type: "requests", after: wait)
        case .rateLimited: limited(code: "more_than_limit", type: "requests", after: nil)
        case .quotaExhausted: limited(code: "insufficient_quota", type: "insufficient_quota", after: nil)
        case .tooManyJobs: limited(code: "too_many_jobs", type: "requests", after: 10)
        case .queueFull(let wait): unavailable(code: "queue_full", after: wait)
        case .storageFull: unavailable(code: "storage_full", after: 30)
        case .shuttingDown: unavailable(code: "shutting_down", after: 30)
        }
    }

    private mutating func limited(code: String, type: String, after seconds: TimeInterval?) {
        status = .tooManyRequests
        body.code = code
        body.type = type
        retryAfter = seconds.map { Int($0.rounded(.up)) }
    }

    private mutating func unavailable(code: String, after seconds: TimeInterval) {
        status = .serviceUnavailable
        body.code = code
        body.type = "server_error"
        retryAfter = Int(seconds)
    }
}

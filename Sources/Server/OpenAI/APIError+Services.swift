import Foundation
import Hummingbird
import ImageGeneration
import Imaging
import Service
import Store

extension APIError {
    /// What a client is told of something that a service threw; nil where that is a fault of the server.
    init?(telling error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as JobError: self.init(error)
        case let error as AccountError: self.init(error)
        case let error as GenerationError: self.init(error)
        case let error as MultipartError: self.init(error)
        case let error as StudioProblem:
            self.init(error.status, error.body.message, type: error.body.type, param: error.body.param)
            code = error.body.code
            retryAfter = error.retryAfter
        case is ImageError: self = .invalidImage
        case is CancellationError: self = .unavailable("The request was cancelled.", after: 1)
        case let error as HTTPError where error.status.kind == .clientError:
            self.init(error.status, error.body ?? error.status.reasonPhrase)
        default: return nil
        }
    }

    static let invalidImage = APIError.invalid(
        "Uploaded image must be a PNG and less than 4 MB.", param: "image", code: "invalid_image_format")

    static func unavailable(_ message: String, after seconds: Int) -> APIError {
        var error = APIError(.serviceUnavailable, message, type: "server_error")
        error.retryAfter = seconds
        return error
    }

    private init(_ error: GenerationError) {
        switch error.kind {
        case .invalidRequest, .unsupported: self = .invalid(error.message, param: error.parameter)
        case .unknownModel:
            self.init(.notFound, error.message, param: "model", code: "model_not_found")
        case .unusableModel, .deviceUnavailable, .outOfMemory, .engineFailed: self = .fault
        }
    }

    private init(_ error: JobError) {
        switch error {
        case .invalid(let error): self.init(error)
        case .unknownPicture: self = .notFound
        case .unreadablePicture: self = .invalidImage
        case .rejected: self = .rejected
        case .idempotencyConflict: self.init(.unprocessableContent, error.description, code: "idempotency_conflict")
        case .rateLimited(let status, let wait):
            self.init(
                .tooManyRequests,
                "Rate limit exceeded for images per minute: limit \(status.limit), remaining \(status.remaining).",
                type: "requests", code: "rate_limit_exceeded")
            retryAfter = wait.map { Int($0.rounded(.up)) } ?? 60
            // More than the whole limit never fits, however long a client waits.
            if wait == nil { shouldRetry = false }
        case .quotaExhausted:
            self.init(
                .tooManyRequests, error.description, type: "insufficient_quota", code: "insufficient_quota")
            (retryAfter, shouldRetry) = (60, false)
        case .tooManyJobs:
            self.init(.tooManyRequests, error.description, type: "requests", code: "too_many_jobs")
            retryAfter = 10
        case .queueFull(let wait): self = .unavailable(error.description, after: Int(wait.rounded(.up)))
        case .storageFull, .shuttingDown: self = .unavailable(error.description, after: 30)
        }
    }

    private init(_ error: AccountError) {
        switch error {
        case .invalidKey:
            self.init(.unauthorized, error.description, code: "invalid_api_key")
        case .disabled: self.init(.forbidden, error.description, code: "account_disabled")
        case .missingScope: self.init(.forbidden, error.description, code: "missing_scope")
        case .notFound: self = .notFound
        default: self = .invalid(error.description)
        }
    }

    private init(_ error: MultipartError) {
        switch error {
        case .notMultipart: self.init(.unsupportedMediaType, error.description)
        case .partTooLarge(let name, _) where name == "image" || name == "mask" || name == "image[]":
            self = .invalidImage
        default: self = .invalid(error.description)
        }
    }

    /// How a job that did not succeed is told.
    init(failure: Job.Failure?) {
        guard let failure, let kind = GenerationError.Kind(rawValue: failure.kind) else {
            self = .fault
            return
        }
        self.init(GenerationError(kind, failure.message))
    }
}

import Foundation
import Service
import Store

/// A job as the API tells it.
struct JobAnswer: Sendable {
    let store: any DataStore
    let files: SignedFiles

    /// - Parameter address: what addresses of pictures begin with.
    func json(_ status: JobStatus, _ address: String) async throws -> JSONValue {
        let job = status.job
        func date(_ date: Date?) -> JSONValue { .optional(date.map { Int($0.timeIntervalSince1970) }) }
        var fields: [String: JSONValue] = [
            "id": .string(job.id.text), "object": "job", "status": .string(job.state.rawValue),
            "task": .string(job.task), "model": .string(job.model), "n": .integer(job.count),
            "created": date(job.created), "started": date(job.started), "finished": date(job.finished),
            "filtered": .integer(job.filtered), "position": .optional(status.ahead),
            "time_left": status.timeLeft.map { .number($0) } ?? .null,
            "progress": .number(status.progress?.fraction ?? (job.state == .succeeded ? 1 : 0)), "error": .null,
        ]
        if case .failed = job.state, case .object(let body) = APIError(failure: job.failure).json {
            fields["error"] = body["error"]
        }
        if job.state == .rejected, case .object(let body) = APIError.rejected.json { fields["error"] = body["error"] }
        fields["data"] = .array(try await store.pictures(of: job.id).map { json($0, address) })
        return .object(fields)
    }

    func json(_ picture: Picture, _ address: String) -> JSONValue {
        [
            "index": .integer(picture.index), "url": .string(files.address(of: picture, on: address)),
            "seed": picture.seed.map(JSONValue.unsigned) ?? .null,
        ]
    }
}

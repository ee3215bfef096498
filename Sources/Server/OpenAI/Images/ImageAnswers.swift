import Foundation
import HTTPTypes
import Hummingbird
import NIOPosix
import Service
import Store

/// A request that was taken in, and how its answer shall look.
struct ImageCall: Sendable {
    var job: Job.ID
    var owner: User.ID
    var values: FieldValues
    /// What addresses of pictures begin with, such as `http://127.0.0.1:8080`.
    var address: String
    /// What the names of events begin with.
    var events: String
}

/// How what was drawn is told.
struct ImageAnswers: Sendable {
    let jobs: Jobs
    let store: any DataStore
    let files: SignedFiles

    /// Waits until all is drawn.
    func wait(_ call: ImageCall) async throws -> Response {
        guard let result = try await jobs.result(of: call.job, owner: call.owner) else { throw APIError.notFound }
        try Self.check(result.job)
        var data: [JSONValue] = []
        for picture in result.pictures { data.append(try await entry(picture, call)) }
        var body: [String: JSONValue] = [
            "created": .integer(Int(result.job.created.timeIntervalSince1970)), "data": .array(data),
        ]
        if result.job.filtered > 0 { body["filtered"] = .integer(result.job.filtered) }
        return Response.api(.object(body))
    }

    /// Answers with the job at once.
    func job(_ call: ImageCall) async throws -> Response {
        guard let status = try await jobs.status(of: call.job, owner: call.owner) else { throw APIError.notFound }
        var response = Response.api(try await JobAnswer(store: store, files: files).json(status, call.address))
        response.status = .accepted
        response.headers[.location] = "/v1/jobs/\(call.job)"
        return response
    }

    static func check(_ job: Job) throws(APIError) {
        switch job.state {
        case .succeeded, .queued, .running: return
        case .rejected: throw .rejected
        case .cancelled: throw .unavailable("The request was cancelled.", after: 1)
        case .failed: throw APIError(failure: job.failure)
        }
    }

    private func entry(_ picture: Picture, _ call: ImageCall) async throws -> JSONValue {
        var entry: [String: JSONValue] = ["seed": picture.seed.map(JSONValue.unsigned) ?? .null]
        if call.values.string("response_format") == "b64_json" {
            entry["b64_json"] = .string(try await base64(picture))
        } else {
            entry["url"] = .string(files.address(of: picture, on: call.address))
        }
        return .object(entry)
    }

    func base64(_ picture: Picture) async throws -> String {
        try await NIOThreadPool.singleton.runIfActive { [blobs = store.blobs] in
            try blobs.read(picture.blob).base64EncodedString()
        }
    }
}

extension Response {
    static func api(_ json: JSONValue) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(data: json.data)))
    }

    /// Server-sent events, until they end or the client has gone.
    static func events(
        to context: ServerContext, _ body: @escaping @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        headers[HTTPField.Name("X-Accel-Buffering")!] = "no"
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                // Lent to the work, and used again when that has ended.
                nonisolated(unsafe) var lent = writer
                try await context.whileClientIsHere { try await body(&lent) }
                try await lent.finish(nil)
            })
    }
}

extension Request {
    /// What the client wrote before the path.
    func publicAddress(_ isSecure: Bool) -> String {
        "\(isSecure ? "https" : "http")://\(head.authority ?? "localhost")"
    }
}

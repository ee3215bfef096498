import Foundation
import HTTPTypes
import Hummingbird
import Imaging
import Service
import Store

/// `/v1/jobs/{id}`: a job's state, its events, its end.
struct JobEndpoints: Sendable {
    let jobs: Jobs
    let answer: JobAnswer

    func add(to router: some RouterMethods<ServerContext>) {
        router.get("/jobs/:id") { (request: Request, context: ServerContext) -> Response in
            let caller = try context.caller(.jobs)
            return try await response(try context.job, for: caller, request)
        }
        router.delete("/jobs/:id") { (request: Request, context: ServerContext) -> Response in
            let caller = try context.caller(.jobs)
            guard let job = try await jobs.cancel(try context.job, owner: caller.user.id) else {
                throw APIError.notFound
            }
            return try await response(job.id, for: caller, request)
        }
        router.get("/jobs/:id/events") { (request: Request, context: ServerContext) -> Response in
            let caller = try context.caller(.jobs)
            let last = request.headers[.lastEventID].flatMap { JobEvent.ID($0) }
            guard
                let events = try await jobs.events(
                    of: try context.job, owner: caller.user.id, after: last, keepalive: EventText.keepalive)
            else { throw APIError.notFound }
            let address = request.publicAddress(caller.isSecure)
            return Response.events(to: context) { writer in
                for await event in events {
                    if let text = try await text(of: event, address) {
                        try await writer.write(ByteBuffer(string: text))
                    }
                }
            }
        }
    }

    private func response(_ id: Job.ID, for caller: Caller, _ request: Request) async throws -> Response {
        guard let status = try await jobs.status(of: id, owner: caller.user.id) else { throw APIError.notFound }
        return Response.api(try await answer.json(status, request.publicAddress(caller.isSecure)))
    }

    private func text(of event: JobEvent, _ address: String) async throws -> String? {
        let id = "\(event.id)"
        switch event.kind {
        case .keepalive: return EventText.comment
        case .note(let text): return EventText.event("note", id: id, ["message": .string(text)])
        case .status(let status): return EventText.event("status", id: id, try await answer.json(status, address))
        case .picture(let picture): return EventText.event("picture", id: id, answer.json(picture, address))
        case .preview(let index, let number, let image):
            let data = try image.converted(channels: 3).encoded(as: .jpeg(quality: 75)).base64EncodedString()
            return EventText.event(
                "preview", id: id,
                ["index": .integer(index), "number": .integer(number), "b64_json": .string(data), "format": "jpeg"])
        }
    }
}

extension ServerContext {
    /// - Throws: 404 for a text that is no job's id.
    fileprivate var job: Job.ID {
        get throws(APIError) {
            guard let id = Job.ID(parameters.get("id") ?? "") else { throw .notFound }
            return id
        }
    }
}

extension HTTPField.Name {
    fileprivate static let lastEventID = Self("Last-Event-ID")!
}

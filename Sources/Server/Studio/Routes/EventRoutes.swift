import Foundation
import HTTPTypes
import Hummingbird
import Imaging
import Service
import ServiceLifecycle
import Store

/// One stream of server-sent events for a tab, `GET /api/events`: a snapshot of the jobs, then all that happens to them.
/// A stream begins with a snapshot each time, so it needs no `Last-Event-ID`.
struct EventRoutes: Sendable {
    let jobs: Jobs
    let store: any DataStore

    private static let keepalive = Duration.seconds(15)
    /// After that the browser asks again, and its session is looked at again.
    private static let life = Duration.seconds(600)
    private static let snapshot = 20

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.get("/events") { _, context in
            let owner = try context.user.id
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no",
                ],
                body: ResponseBody { writer in
                    try await write(to: &writer, for: owner)
                    try await writer.finish(nil)
                })
        }
    }

    private func write(to writer: inout any ResponseBodyWriter, for owner: User.ID) async throws {
        // Before the snapshot: what happens meanwhile comes after it.
        let events = jobs.events(ofAccount: owner, keepalive: Self.keepalive)
        let recent = try await jobs.recent(of: owner, limit: Self.snapshot, in: store)
        try await writer.write(Self.event("snapshot", ["jobs": recent]))
        let end = ContinuousClock.now + Self.life
        var pictures: [Job.ID: [Picture]] = [:]
        // An open tab must not keep the server from stopping; the browser comes back by itself.
        for await event in events.cancelOnGracefulShutdown() {
            if ContinuousClock.now > end { return }
            guard let job = event.job else {
                try await writer.write(ByteBuffer(string: ": keepalive\n\n"))
                continue
            }
            if let text = try await text(of: event.kind, job: job, pictures: &pictures) {
                try await writer.write(text)
            }
        }
    }

    private struct PreviewView: Encodable {
        var job: Job.ID
        var index: Int
        var image: String
    }

    private struct DrawnView: Encodable {
        var job: Job.ID
        var picture: PictureView
    }

    /// - Parameter pictures: those of jobs that are told of, so that not every step asks the store.
    private func text(
        of kind: JobEvent.Kind, job: Job.ID, pictures: inout [Job.ID: [Picture]]
    ) async throws -> ByteBuffer? {
        switch kind {
        case .status(let status):
            if pictures[job] == nil || status.job.state.isFinal {
                pictures[job] = try await store.pictures(of: job)
            }
            let view = JobView(status, pictures: pictures[job] ?? [])
            if status.job.state.isFinal { pictures[job] = nil }
            return try Self.event("job", view)
        case .preview(let index, _, let image):
            return try Self.event("preview", PreviewView(job: job, index: index, image: try Self.address(of: image)))
        case .picture(let picture):
            var known = pictures[job] ?? []
            if !known.contains(where: { $0.id == picture.id }) { known.append(picture) }
            pictures[job] = known
            return try Self.event("picture", DrawnView(job: job, picture: PictureView(picture)))
        case .note, .keepalive: return nil
        }
    }

    /// An unfinished picture as a data address: small, since it is looked at for a moment.
    private static func address(of image: ImageBuffer) throws -> String {
        let scale = min(1, 256 / Double(max(image.width, image.height)))
        let small =
            scale == 1
            ? image
            : try image.resized(
                width: max(1, Int(Double(image.width) * scale)), height: max(1, Int(Double(image.height) * scale)))
        let data = try small.converted(channels: 3).encoded(as: .jpeg(quality: 75))
        return "data:image/jpeg;base64,\(data.base64EncodedString())"
    }

    private static func event(_ name: String, _ value: some Encodable) throws -> ByteBuffer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        let data = String(decoding: try encoder.encode(value), as: UTF8.self)
        return ByteBuffer(string: "event: \(name)\ndata: \(data)\n\n")
    }
}

extension HTTPField.Name {
    fileprivate static let accelBuffering = Self("X-Accel-Buffering")!
}

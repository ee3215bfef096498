import ContentPolicy
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Service
import Store

/// Asking for pictures, and looking at what was asked for. A job of the studio goes on when its tab is closed.
struct JobRoutes: Sendable {
    let jobs: Jobs
    let store: any DataStore
    let policy: Policy

    /// How many unfinished states of each picture the page shows.
    private static let previews = 4
    private static let listed = 20

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.post("/jobs") { request, context in
            let job = try await submit(request, by: try context.user)
            return try Response.json(try await view(job.id, of: try context.user), status: .accepted)
        }
        router.get("/jobs") { [jobs, store] _, context in
            let recent = try await jobs.recent(of: try context.user.id, limit: Self.listed, in: store)
            return try Response.json(["jobs": recent])
        }
        router.get("/jobs/:id") { _, context in
            try Response.json(try await view(try context.id(), of: try context.user))
        }
        router.delete("/jobs/:id") { [jobs] _, context in
            let user = try context.user
            guard let job = try await jobs.cancel(try context.id(), owner: user.id) else {
                throw StudioProblem.notFound
            }
            return try Response.json(try await view(job.id, of: user))
        }
    }

    private func view(_ id: Job.ID, of user: User) async throws -> JobView {
        guard let status = try await jobs.status(of: id, owner: user.id) else { throw StudioProblem.notFound }
        return JobView(status, pictures: try await store.pictures(of: id))
    }

    /// What the page adds to a `JobRequest`: where it was asked for.
    private struct Label: Decodable {
        var origin: String?
    }

    private func submit(_ request: Request, by user: User) async throws -> Job {
        let body = Data(buffer: try await request.bytes(limit: 1 << 20))
        try Self.checkKeys(of: body)
        var wanted = try Request.decode(JobRequest.self, body)
        wanted.previews = Self.previews
        let draft = JobDraft(
            user: user, source: .studio, label: try Request.decode(Label.self, body).origin, request: wanted,
            isDetached: true, digest: Data(SHA256.hash(data: body)),
            idempotencyKey: request.headers[.idempotencyKey].map { String($0.prefix(200)) },
            decisions: policy.decisions(on: wanted.texts))
        return try await jobs.submit(draft).job
    }

    private static func checkKeys(of body: Data) throws(StudioProblem) {
        guard let object = try? JSONSerialization.jsonObject(with: body) as? [String: Any] else {
            throw StudioProblem(.badRequest, "The request's body is not a JSON object.")
        }
        let known = JobRequest.keys.union(["origin"])
        if let key = object.keys.sorted().first(where: { !known.contains($0) }) {
            throw StudioProblem(
                .badRequest, "Additional properties are not allowed ('\(key.prefix(60))' was unexpected)")
        }
    }
}

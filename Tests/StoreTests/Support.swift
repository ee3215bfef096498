import Foundation
import Testing

@testable import Store

/// A store in a folder of its own, which goes with it.
final class TemporaryStore {
    let folder = FileManager.default.temporaryDirectory.appending(path: "limn-store-\(UUID().uuidString)")
    private(set) var store: SQLiteStore
    let ann: User.ID
    let bob: User.ID
    let start = Date(milliseconds: 1_800_000_000_000)

    init() async throws {
        store = try SQLiteStore(folder: folder, use: .server)
        ann = try await Self.addUser("ann@example.org", to: store, start)
        bob = try await Self.addUser("bob@example.org", to: store, start + 1)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func addUser(_ email: String, to store: SQLiteStore, _ date: Date) async throws -> User.ID {
        let user = User(email: email, passwordHash: nil, created: date)
        return try #require(try await store.add(user, invitation: nil, now: date)).id
    }

    func submission(
        of owner: User.ID? = nil, count: Int = 1, at date: Date? = nil, limit: Int = 50, quota: Int? = nil,
        jobs: Int = 100, body: String = "body", idempotencyKey: String? = nil, joinsSince: Date? = nil,
        inputs: [Picture.ID] = [], decisions: [PolicyDecision] = []
    ) -> Submission {
        let now = date ?? start
        let job = Job(
            owner: owner ?? ann, source: .api, request: "{}", task: "text_to_image", prompt: "a fox", model: "m",
            count: count, created: now)
        return Submission(
            job: job, inputs: inputs, digest: Data(body.utf8), idempotencyKey: idempotencyKey,
            joinsSince: joinsSince,
            charge: Charge(images: count, now: now, window: 60) { usage in
                if usage.window.reduce(0, { $0 + $1.images }) + count > limit { return .rate(retryAfter: 1) }
                if let quota, usage.month + count > quota { return .quota }
                return usage.activeJobs >= jobs ? .tooManyJobs : nil
            },
            decisions: decisions)
    }

    /// Takes a job in and begins it.
    func running(count: Int = 1, inputs: [Picture.ID] = []) async throws -> Job {
        let job = try await accepted(submission(count: count, inputs: inputs))
        return try #require(try await store.claim([job.id], now: start).first)
    }

    func accepted(_ submission: Submission) async throws -> Job {
        guard case .accepted(let job, _) = try await store.accept(submission) else {
            throw Unexpected()
        }
        return job
    }

    struct Unexpected: Error {}

    func picture(
        _ bytes: String = "bytes", of owner: User.ID? = nil, origin: Picture.Origin = .upload, job: Job.ID? = nil,
        index: Int = 0, prompt: String = "", at date: Date? = nil, expires: Date? = nil
    ) throws -> Picture {
        let data = Data(bytes.utf8)
        return Picture(
            owner: owner ?? ann, origin: origin, job: job, index: index, blob: try store.blobs.stage(data),
            bytes: data.count, format: "png", width: 1, height: 1, seed: .max, prompt: prompt,
            created: date ?? start, expires: expires)
    }

    /// Adds a picture as somebody's upload.
    func sent(
        _ prompt: String = "", of owner: User.ID? = nil, origin: Picture.Origin = .upload, at date: Date? = nil,
        expires: Date? = nil
    ) async throws -> Picture {
        let picture = try picture(of: owner, origin: origin, prompt: prompt, at: date, expires: expires)
        try await store.add(sent: picture)
        try store.blobs.publish(picture.blob)
        return picture
    }
}

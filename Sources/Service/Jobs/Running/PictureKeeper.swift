import Foundation
import ImageGeneration
import Imaging
import Store

/// Looks at pictures that come in or go out.
public protocol PictureScreen: Sendable {
    /// - Returns: nil where it has nothing to say.
    func decision(on image: ImageBuffer, subject: PolicyDecision.Subject) async throws -> PolicyDecision?
}

/// Puts drawn pictures into the store.
struct PictureKeeper: Sendable {
    let store: any DataStore
    let hub: EventHub
    let screen: (any PictureScreen)?
    let clock: WallClock
    /// Seconds that a picture is kept; nil for as long as its owner wishes.
    let life: [Job.Source: TimeInterval]
    private let work = BlockingWork(name: "pictures", width: 4)

    init(
        store: any DataStore, hub: EventHub, screen: (any PictureScreen)?, clock: WallClock,
        life: [Job.Source: TimeInterval]
    ) {
        self.store = store
        self.hub = hub
        self.screen = screen
        self.clock = clock
        self.life = life
    }

    /// Whether an unfinished picture may be seen; one that could not be judged may not.
    func mayShow(_ preview: ImageBuffer) async -> Bool {
        guard let screen else { return true }
        do {
            return try await screen.decision(on: preview, subject: .output)?.verdict != .refused
        } catch {
            return false
        }
    }

    /// Screens, writes and announces a picture.
    func keep(_ drawn: GeneratedPicture, at index: Int, of queued: QueuedJob) async throws {
        let decision = try await screen?.decision(on: drawn.image, subject: .output)
        if let decision, decision.verdict == .refused {
            return try await store.filter(queued.job.id, index: index, decision: decision, now: clock.now())
        }
        let encoding = try queued.request.encoding()
        let (blob, bytes) = try await work.run { [blobs = store.blobs] in
            let data = try drawn.image.encoded(as: encoding)
            return (try blobs.stage(data), data.count)
        }
        let picture = try row(drawn, at: index, of: queued, blob: blob, bytes: bytes, format: encoding.format)
        if try await store.add(drawn: picture, decision: decision) {
            try store.blobs.publish(blob)
            hub.publish(.picture(picture), of: queued.job.id)
        } else {
            try store.blobs.remove(blob)
        }
    }

    private func row(
        _ drawn: GeneratedPicture, at index: Int, of queued: QueuedJob, blob: BlobName, bytes: Int,
        format: ImageFormat
    ) throws -> Picture {
        let job = queued.job
        let now = clock.now()
        var recipe = queued.request
        recipe.seed = drawn.seed
        recipe.count = 1
        return Picture(
            owner: job.owner, origin: .generated, job: job.id, index: index, blob: blob, bytes: bytes,
            format: format.rawValue, width: drawn.image.width, height: drawn.image.height, seed: drawn.seed,
            task: job.task, prompt: job.prompt, recipe: try recipe.json(), created: now,
            expires: life[job.source].map { now + $0 })
    }

    /// The decoded pictures that a request names.
    /// - Throws: `JobError.unknownPicture` for those that are not the owner's, `.unreadablePicture`.
    func load(_ ids: [Picture.ID], owner: User.ID) async throws -> [Picture.ID: ImageBuffer] {
        var images: [Picture.ID: ImageBuffer] = [:]
        for picture in try await store.pictures(Array(Set(ids)), owner: owner) {
            do {
                images[picture.id] = try await work.run { [blobs = store.blobs] in
                    try ImageBuffer(decoding: blobs.read(picture.blob))
                }
            } catch {
                throw JobError.unreadablePicture(parameter: picture.origin.rawValue, reason: "its file is damaged")
            }
        }
        if let missing = ids.first(where: { images[$0] == nil }) { throw JobError.unknownPicture(missing) }
        return images
    }
}

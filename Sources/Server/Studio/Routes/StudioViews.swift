import Foundation
import ImageGeneration
import Service
import Store

/// A picture as the page sees it.
struct PictureView: Encodable, Sendable {
    var id: Picture.ID
    var job: Job.ID?
    var index: Int
    /// Seconds since 1970.
    var created: Date
    var width: Int
    var height: Int
    var seed: UInt64?
    var task: String?
    var origin: Picture.Origin
    var prompt: String
    var favourite: Bool
    var collections: [PictureCollection.ID]
    /// The path of the page that shows it to anyone; nil while it is not shared.
    var share: String?
    var recipe: JobRequest?

    init(_ picture: Picture, collections: [PictureCollection.ID] = []) {
        id = picture.id
        job = picture.job
        index = picture.index
        created = picture.created
        width = picture.width
        height = picture.height
        seed = picture.seed
        task = picture.task
        origin = picture.origin
        prompt = picture.prompt
        favourite = picture.isFavourite
        self.collections = collections
        share = picture.shareToken.map { "/s/\($0)" }
        recipe = picture.recipe.flatMap { JobRequest(stored: $0) }
    }
}

/// A job as the page sees it.
struct JobView: Encodable, Sendable {
    struct Failure: Encodable, Sendable {
        var code: String
        var message: String
    }

    var id: Job.ID
    var task: String
    var origin: String?
    var state: Job.State
    /// Seconds since 1970.
    var created: Date
    var started: Date?
    var finished: Date?
    var prompt: String
    /// How many pictures it makes in all.
    var total: Int
    var model: String
    /// 1 for the next in the queue.
    var position: Int?
    /// Seconds.
    var eta: Double?
    var progress: Double?
    var stage: String?
    var filtered: Int
    var error: Failure?
    var pictures: [PictureView]
    var request: JobRequest?

    init(_ status: JobStatus, pictures: [Picture]) {
        let job = status.job
        id = job.id
        task = job.task
        origin = job.label
        state = job.state
        created = job.created
        started = job.started
        finished = job.finished
        prompt = job.prompt
        total = job.count
        model = job.model
        position = status.ahead.map { $0 + 1 }
        eta = status.timeLeft
        progress = status.progress?.fraction
        stage = status.progress?.stage
        filtered = job.filtered
        error = job.failure.map { Failure(code: $0.kind, message: $0.message) }
        self.pictures = pictures.sorted { $0.index < $1.index }.map { PictureView($0) }
        request = JobRequest(stored: job.request)
    }
}

extension JobRequest {
    /// Reads what the store keeps; nil where it was written by something else.
    init?(stored json: String) {
        guard let request = try? JSONDecoder().decode(JobRequest.self, from: Data(json.utf8)) else { return nil }
        self = request
    }
}

extension Jobs {
    /// The owner's jobs that wait or run, and the newest others, newest first, with their pictures.
    func recent(of owner: User.ID, limit: Int, in store: any DataStore) async throws -> [JobView] {
        var statuses = try await statuses(of: owner, after: nil, limit: limit).elements
        let known = Set(statuses.map(\.job.id))
        statuses += try await activeStatuses(of: owner).filter { !known.contains($0.job.id) }.reversed()
        let pictures = try await store.pictures(of: statuses.map(\.job.id))
        return statuses.map { JobView($0, pictures: pictures[$0.job.id] ?? []) }
    }
}

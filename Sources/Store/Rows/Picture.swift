import Foundation

/// A picture of an account: one that was made, or one that was sent to be worked on.
public struct Picture: Entity, Hashable {
    public typealias ID = Identifier<Picture>
    public static let prefix = "pic"

    public enum Origin: String, Codable, CaseIterable, Sendable {
        case generated
        /// Sent by its owner to be seen in the history.
        case upload
        /// A mask, a piece of a canvas, a picture that came with a request: used by jobs, hidden in the history, and
        /// swept away sooner.
        case mask, frame, input
    }

    public var id: ID
    public var owner: User.ID
    public var origin: Origin
    /// The job that made it; nil for what was sent, and after the job's row is gone.
    public var job: Job.ID?
    /// The place among the job's pictures; with the job, unique.
    public var index: Int
    /// Where its bytes are.
    public var blob: BlobName
    public var bytes: Int
    /// The file format, `png`, `jpeg` or `webp`.
    public var format: String
    public var width: Int
    public var height: Int
    public var seed: UInt64?
    public var task: String?
    public var prompt: String
    /// Everything that it takes to draw it again, JSON.
    public var recipe: String?
    public var isFavourite: Bool
    /// The link that shows it to anyone; nil while it is not shared.
    public var shareToken: String?
    public var created: Date
    /// When it may be swept away; nil for never.
    public var expires: Date?

    public init(
        id: ID = ID(), owner: User.ID, origin: Origin, job: Job.ID? = nil, index: Int = 0, blob: BlobName, bytes: Int,
        format: String, width: Int, height: Int, seed: UInt64? = nil, task: String? = nil, prompt: String = "",
        recipe: String? = nil, isFavourite: Bool = false, shareToken: String? = nil, created: Date,
        expires: Date? = nil
    ) {
        self.id = id
        self.owner = owner
        self.origin = origin
        self.job = job
        self.index = index
        self.blob = blob
        self.bytes = bytes
        self.format = format
        self.width = width
        self.height = height
        self.seed = seed
        self.task = task
        self.prompt = prompt
        self.recipe = recipe
        self.isFavourite = isFavourite
        self.shareToken = shareToken
        self.created = created
        self.expires = expires
    }
}

/// Pictures that an account put together under a name.
public struct PictureCollection: Entity, Hashable {
    public typealias ID = Identifier<PictureCollection>
    public static let prefix = "coll"

    public var id: ID
    public var owner: User.ID
    public var name: String
    public var created: Date
    /// How many pictures are in it.
    public var count: Int
    /// The picture that was put in last.
    public var cover: Picture.ID?

    public init(
        id: ID = ID(), owner: User.ID, name: String, created: Date, count: Int = 0, cover: Picture.ID? = nil
    ) {
        self.id = id
        self.owner = owner
        self.name = name
        self.created = created
        self.count = count
        self.cover = cover
    }
}

import Foundation

/// Which pictures of an account are looked for.
public struct PictureQuery: Sendable {
    /// Words of the prompt; each must be in it, the last one may be a beginning.
    public var search: String
    public var favourite: Bool?
    public var collection: PictureCollection.ID?
    public var origins: Set<Picture.Origin>
    public var after: Cursor?
    public var limit: Int

    public init(
        search: String = "", favourite: Bool? = nil, collection: PictureCollection.ID? = nil,
        origins: Set<Picture.Origin> = [.generated, .upload], after: Cursor? = nil, limit: Int = 60
    ) {
        self.search = search
        self.favourite = favourite
        self.collection = collection
        self.origins = origins
        self.after = after
        self.limit = limit
    }
}

public protocol PictureStore: Sendable {
    /// Adds a picture that was sent.
    func add(sent picture: Picture) async throws
    func picture(_ id: Picture.ID, owner: User.ID) async throws -> Picture?
    /// Whoever owns it: for addresses that were signed, and for nothing else.
    func picture(signed id: Picture.ID) async throws -> Picture?
    func picture(shareToken: String) async throws -> Picture?
    /// In order of their places.
    func pictures(of job: Job.ID) async throws -> [Picture]
    func pictures(of jobs: [Job.ID]) async throws -> [Job.ID: [Picture]]
    /// Those of the ids that are the owner's, in the order of the ids.
    func pictures(_ ids: [Picture.ID], owner: User.ID) async throws -> [Picture]
    /// Newest first.
    func pictures(of owner: User.ID, _ query: PictureQuery) async throws -> Page<Picture>
    /// - Returns: how many of them are the owner's.
    func setFavourite(_ isFavourite: Bool, _ pictures: [Picture.ID], owner: User.ID) async throws -> Int
    /// Shares a picture under a token, or with nil ends that.
    /// - Returns: the picture as it is now: with the token that it had, where it was shared before.
    func share(_ picture: Picture.ID, token: String?, owner: User.ID) async throws -> Picture?
    /// Removes rows, and the blobs with them.
    /// - Returns: those that are gone.
    func remove(_ pictures: [Picture.ID], owner: User.ID) async throws -> [Picture.ID]
}

public protocol CollectionStore: Sendable {
    /// By name.
    func collections(of owner: User.ID) async throws -> [PictureCollection]
    /// - Throws: `StoreError.taken` for a name that the owner has already.
    func add(_ collection: PictureCollection) async throws
    /// - Returns: whether the owner has it.
    func rename(_ collection: PictureCollection.ID, to name: String, owner: User.ID) async throws -> Bool
    /// The pictures stay.
    func remove(_ collection: PictureCollection.ID, owner: User.ID) async throws -> Bool
    /// Puts pictures in, or takes them out.
    /// - Returns: how many changed; nil where the owner has no such collection.
    func collect(
        _ pictures: [Picture.ID], in collection: PictureCollection.ID, add: Bool, owner: User.ID
    ) async throws -> Int?
    /// The collections that each picture is in.
    func collections(of pictures: [Picture.ID]) async throws -> [Picture.ID: [PictureCollection.ID]]
}

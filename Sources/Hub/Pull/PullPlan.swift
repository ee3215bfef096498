import Foundation
import HubCache

/// What a pull of one repository will fetch.
public struct PullPlan: Sendable {
    public struct File: Hashable, Sendable {
        public var listed: RepositoryListing.File
        /// Bytes in the cache; all of them, or what an earlier pull left.
        public var present: Int
        public var isPresent: Bool { present == listed.size && isWhole }
        var isWhole: Bool
    }

    public var id: RepositoryID
    public var revision: String
    public var commit: String
    public var license: String?
    public var licenseURL: String?
    /// What Limn needs of the repository, sorted by path.
    public var files: [File]

    public var missing: [File] { files.filter { !$0.isPresent } }
    /// Of all files.
    public var bytes: Int { files.reduce(0) { $0 + $1.listed.size } }
    /// What the missing files come to.
    public var missingBytes: Int { missing.reduce(0) { $0 + $1.listed.size } }
    /// What will come over the network.
    public var bytesToFetch: Int { missing.reduce(0) { $0 + $1.listed.size - min($1.present, $1.listed.size) } }
}

extension PullPlan {
    /// Chooses the files of a listing, and looks which are in the cache.
    ///
    /// - Throws: `HubError` of kind `.notAModel` when there is nothing that Limn reads, `.wrongDigest` when a file is not
    ///   the one that the catalogue knows.
    init(
        _ listing: RepositoryListing, selection: FileSelection, catalogue: ModelCatalogue, cache: HubCache
    ) throws(HubError) {
        let chosen = Set(selection.select(from: listing.files.map(\.path)))
        guard !chosen.isEmpty else {
            throw HubError(
                .notAModel, "\(listing.id)",
                "has no model_index.json: Limn pulls models in the diffusers layout, and those that "
                    + "`limn models list --available` names")
        }
        let repository = cache.repository(listing.id)
        var files: [File] = []
        for file in listing.files where chosen.contains(file.path) {
            if let known = catalogue.digest(of: file.path, in: listing.id), listing.revision == "main",
                known != file.digest
            {
                throw HubError(
                    .wrongDigest, "\(listing.id)/\(file.path)",
                    "the hub lists a file with the digest \(file.digest), Limn knows \(known): the mirror changes files, or the "
                        + "publisher has replaced it. To have it all the same, pull \(listing.id)@\(listing.commit)")
            }
            let whole = Self.size(repository.blob(file.digest))
            let partial = Self.size(repository.partial(file.digest)) ?? 0
            files.append(File(listed: file, present: whole ?? partial, isWhole: whole != nil))
        }
        self.init(
            id: listing.id, revision: listing.revision, commit: listing.commit, license: listing.license,
            licenseURL: listing.licenseURL, files: files.sorted { $0.listed.path < $1.listed.path })
    }

    private static func size(_ file: URL) -> Int? {
        let facts = try? FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)
        return (facts?[.size] as? NSNumber)?.intValue
    }
}

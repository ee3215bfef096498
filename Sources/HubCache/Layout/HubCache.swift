import Foundation

/// The folder in which Python's `huggingface_hub` and Limn keep what they fetched.
///
/// A repository's folder is `models--OWNER--NAME`. In it, `blobs/` holds contents by digest, `snapshots/COMMIT/` the
/// files of a commit as links to them, `refs/REVISION` the commit that a branch or tag stood for when it was last fetched.
public struct HubCache: Hashable, Sendable {
    public let root: URL

    public init(_ root: URL) { self.root = root }

    public func repository(_ id: RepositoryID) -> CachedRepository {
        CachedRepository(id: id, folder: root.appending(path: "models--\(id.owner)--\(id.name)"))
    }

    /// The repositories of which something is there, sorted by name.
    public var repositories: [CachedRepository] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        return names.sorted().compactMap { name in
            let parts = name.components(separatedBy: "--")
            guard parts.count == 3, parts[0] == "models" else { return nil }
            return RepositoryID("\(parts[1])/\(parts[2])").map(repository)
        }
    }

    /// The file that a process locks while it writes a blob; `huggingface_hub` locks the same one.
    public func lock(of id: RepositoryID, blob: FileDigest) -> URL {
        root.appending(path: ".locks/models--\(id.owner)--\(id.name)/\(blob.hexadecimal).lock")
    }
}

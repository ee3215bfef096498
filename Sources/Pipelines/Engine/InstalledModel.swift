import Checkpoints
import Foundation
import HubCache

/// A model that is there to be used: its name and where it lies.
public struct InstalledModel: Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        /// A folder of models, or a path that a user gave.
        case folder
        /// The hub's cache.
        case hub(CachedRepository, commit: String)
    }

    /// What `--model` takes: a folder's name, or `OWNER/NAME`.
    public var name: String
    public var folder: URL
    public var place: Place

    /// A folder by its own name.
    init(folder: URL) {
        name = folder.lastPathComponent
        self.folder = folder
        place = .folder
    }

    /// What the cache holds of a repository at a revision; nil when it is no model.
    init?(_ repository: CachedRepository, revision: String = "main") {
        guard let commit = repository.commit(of: revision) else { return nil }
        name = revision == "main" ? "\(repository.id)" : "\(repository.id)@\(revision)"
        folder = repository.snapshot(commit: commit)
        place = .hub(repository, commit: commit)
        guard isModel else { return nil }
    }

    var isModel: Bool { ModelFolder.exists(at: folder, layouts: Families.layouts) }

    /// What the folder holds, in whichever layout of Limn's families.
    ///
    /// - Throws: `CheckpointError`.
    public func files() throws -> ModelFolder { try ModelFolder(folder, layouts: Families.layouts) }
}

import Foundation
import HubCache
import Pipelines

/// The files that an installed model is made of, wherever its links lead.
struct ModelFiles {
    struct File {
        /// Relative to the model's folder.
        var path: String
        /// Where the contents are.
        var contents: URL
        /// In bytes; nil for a link that leads nowhere.
        var size: Int?
        /// Known by the name of its blob, where the file is the cache's.
        var digest: FileDigest?
    }

    /// Sorted by path.
    let files: [File]

    init(_ model: InstalledModel) {
        let manager = FileManager.default
        let paths = (try? manager.subpathsOfDirectory(atPath: model.folder.path)) ?? []
        files = paths.sorted().compactMap { path in
            let place = model.folder.appending(path: path)
            let contents = place.resolvingSymlinksInPath()
            let facts = try? manager.attributesOfItem(atPath: contents.path)
            let isLink = (try? manager.destinationOfSymbolicLink(atPath: place.path)) != nil
            guard isLink || facts?[.type] as? FileAttributeType == .typeRegular else { return nil }
            let isBlob = contents.deletingLastPathComponent().lastPathComponent == "blobs"
            return File(
                path: path, contents: contents, size: (facts?[.size] as? NSNumber)?.intValue,
                digest: isBlob ? FileDigest(contents.lastPathComponent) : nil)
        }
    }

    /// Of all files, each counted once.
    var bytes: Int {
        Dictionary(files.map { ($0.contents, $0.size ?? 0) }) { first, _ in first }.values.reduce(0, +)
    }

    /// The cache's repositories that the files lie in.
    func repositories(in cache: HubCache) -> [CachedRepository] {
        cache.repositories.filter { repository in
            let blobs = repository.blobs.resolvingSymlinksInPath().path + "/"
            return files.contains { $0.contents.path.hasPrefix(blobs) }
        }
    }
}

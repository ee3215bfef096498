import Foundation

/// What is in the cache of one repository.
public struct CachedRepository: Hashable, Sendable {
    public let id: RepositoryID
    public let folder: URL

    /// A file of a snapshot.
    public struct File: Hashable, Sendable {
        /// Relative to the snapshot: `decoder/config.json`.
        public let path: String
        /// The file that holds the contents.
        public let blob: URL
        /// In bytes; nil when the link leads nowhere.
        public let size: Int?
        /// What the blob's name says; nil where the cache holds no links, as on Windows.
        public let digest: FileDigest?
    }

    public var blobs: URL { folder.appending(path: "blobs") }
    public var snapshots: URL { folder.appending(path: "snapshots") }

    public func blob(_ digest: FileDigest) -> URL { blobs.appending(path: digest.hexadecimal) }

    /// Where a blob grows until it is whole.
    public func partial(_ digest: FileDigest) -> URL { blobs.appending(path: "\(digest.hexadecimal).incomplete") }

    public func snapshot(commit: String) -> URL { snapshots.appending(path: commit) }

    /// The commits of which files are there, sorted.
    public var commits: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: snapshots.path)) ?? []).filter(Self.isCommit).sorted()
    }

    /// The commit that a branch, a tag or a commit's own name stands for; nil when it was not fetched.
    public func commit(of revision: String = "main") -> String? {
        if Self.isCommit(revision) { return commits.contains(revision) ? revision : nil }
        guard Self.isRevision(revision), let text = try? String(contentsOf: reference(revision), encoding: .utf8) else {
            return nil
        }
        let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return Self.isCommit(commit) ? commit : nil
    }

    /// The folder of a revision's files; nil when it was not fetched.
    public func snapshot(of revision: String = "main") -> URL? {
        guard let commit = commit(of: revision) else { return nil }
        let folder = snapshot(commit: commit)
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }

    public func reference(_ revision: String) -> URL { folder.appending(path: "refs/\(revision)") }

    /// The files of a commit, sorted by path.
    public func files(commit: String) -> [File] {
        let snapshot = snapshot(commit: commit)
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: snapshot.path)) ?? []
        return paths.sorted().compactMap { path in
            let file = snapshot.appending(path: path)
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: file.path)
            let blob =
                link.map { URL(filePath: $0, relativeTo: file.deletingLastPathComponent()).standardizedFileURL } ?? file
            let facts = try? FileManager.default.attributesOfItem(atPath: blob.resolvingSymlinksInPath().path)
            guard link != nil || facts?[.type] as? FileAttributeType == .typeRegular else { return nil }
            return File(
                path: path, blob: blob, size: (facts?[.size] as? NSNumber)?.intValue,
                digest: link == nil ? nil : FileDigest(blob.lastPathComponent))
        }
    }

    /// Bytes of all that is there, unfinished files among them.
    public var bytes: Int {
        let files = FileManager.default
        let names = (try? files.subpathsOfDirectory(atPath: folder.path)) ?? []
        return names.reduce(0) { sum, name in
            let facts = try? files.attributesOfItem(atPath: folder.appending(path: name).path)
            guard facts?[.type] as? FileAttributeType == .typeRegular else { return sum }
            return sum + ((facts?[.size] as? NSNumber)?.intValue ?? 0)
        }
    }

    /// The files that were not fetched whole.
    public var unfinished: [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: blobs.path)) ?? []
        return names.filter { $0.hasSuffix(".incomplete") }.sorted().map { blobs.appending(path: $0) }
    }

    public static func isCommit(_ text: String) -> Bool {
        text.utf8.count == 40 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Whether a text can be a branch, a tag or a commit: it stays in its folder.
    public static func isRevision(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count < 200
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".")
                    && part.unicodeScalars.allSatisfy {
                        $0.isASCII && $0.value > 0x20 && !"\\:?*[~^\u{7F}".contains(Character($0))
                    }
            }
    }
}

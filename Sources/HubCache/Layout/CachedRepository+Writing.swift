import Foundation

extension CachedRepository {
    /// Makes the folders that blobs and snapshots lie in.
    public func prepare() throws(HubError) {
        try make(blobs)
        try make(snapshots)
    }

    /// Puts a file into a commit's snapshot: a relative link to its blob.
    ///
    /// - Throws: `HubError` of kind `.unwritable` or `.diskFull`.
    public func link(_ path: String, commit: String, to digest: FileDigest) throws(HubError) {
        let place = snapshot(commit: commit).appending(path: path)
        try make(place.deletingLastPathComponent())
        let ups = String(repeating: "../", count: 2 + path.split(separator: "/").count - 1)
        let target = "\(ups)blobs/\(digest.hexadecimal)"
        if (try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)) == target { return }
        try replace(place) { symlink(target, $0) }
    }

    /// Lets a branch or tag stand for a commit. Written last, so that it never names a snapshot that is not whole.
    public func refer(_ revision: String, to commit: String) throws(HubError) {
        guard revision != commit else { return }
        let place = reference(revision)
        try make(place.deletingLastPathComponent())
        guard (try? String(contentsOf: place, encoding: .utf8)) != commit else { return }
        try replace(place) { beside in
            (try? Data(commit.utf8).write(to: URL(filePath: beside))) == nil ? -1 : 0
        }
    }

    /// Removes all of the repository.
    public func remove() throws(HubError) {
        do {
            try FileManager.default.removeItem(at: folder)
        } catch {
            throw HubError(.unwritable, "\(id)", "cannot be removed: \(error.localizedDescription)")
        }
        let locks = folder.deletingLastPathComponent().appending(path: ".locks/\(folder.lastPathComponent)")
        try? FileManager.default.removeItem(at: locks)
    }

    private func make(_ folder: URL) throws(HubError) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw HubError(.unwritable, "\(id)", "the cache's folder cannot be written: \(error.localizedDescription)")
        }
    }

    /// Makes a file beside its place and moves it there, so that a reader sees the old one or the new one.
    private func replace(_ place: URL, _ make: (String) -> Int32) throws(HubError) {
        let beside = place.deletingLastPathComponent()
            .appending(path: ".\(place.lastPathComponent).\(UUID().uuidString.prefix(8))").path
        guard make(beside) == 0, rename(beside, place.path) == 0 else {
            let reason = errno
            unlink(beside)
            throw HubError.writing("\(id)", errno: reason)
        }
    }
}

extension HubError {
    /// What a system call's error number means to the user.
    public static func writing(_ subject: String, errno number: Int32) -> HubError {
        number == ENOSPC || number == EDQUOT
            ? HubError(.diskFull, subject, "the disk is full; what was fetched is kept: make room and pull again")
            : HubError(.unwritable, subject, "cannot be written: \(String(cString: strerror(number)))")
    }
}

import Foundation

/// Blobs as files that only the server's user can read, in 1024 folders.
struct FileBlobStore: BlobStore {
    private let folder: URL
    private let staging: URL

    /// - Throws: `StoreError.unusable`.
    init(folder: URL) throws {
        self.folder = folder.appending(path: "blobs")
        staging = folder.appending(path: "staging")
        try Self.makeFolder(self.folder)
        try Self.makeFolder(staging)
    }

    static func makeFolder(_ folder: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError.unusable(folder: folder.lastPathComponent, reason: "it cannot be made")
        }
    }

    func stage(_ data: Data) throws -> BlobName {
        let name = BlobName()
        let file = open(staged(name).path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure() }
        do {
            try Self.write(data, to: file)
            guard fsync(file) == 0 else { throw Self.failure() }
        } catch {
            close(file)
            unlink(staged(name).path)
            throw error
        }
        close(file)
        return name
    }

    private static func write(_ data: Data, to file: Int32) throws {
        try data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { throw failure() }
                rest = rest.dropFirst(count)
            }
        }
    }

    func publish(_ name: BlobName) throws {
        let place = published(name)
        if rename(staged(name).path, place.path) == 0 { return }
        guard errno == ENOENT else { throw Self.failure() }
        // Either the folder is not there yet, or the blob was published or removed before.
        guard access(staged(name).path, F_OK) == 0 else { return }
        try Self.makeFolder(place.deletingLastPathComponent())
        guard rename(staged(name).path, place.path) == 0 || errno == ENOENT else { throw Self.failure() }
    }

    func read(_ name: BlobName) throws -> Data {
        // The blob can be published between the look into the one place and the other.
        for place in [published(name), staged(name), published(name)] {
            if let data = try? Data(contentsOf: place) { return data }
        }
        throw StoreError.missingBlob
    }

    func file(_ name: BlobName) throws -> URL {
        for place in [published(name), staged(name), published(name)] where access(place.path, R_OK) == 0 {
            return place
        }
        throw StoreError.missingBlob
    }

    func remove(_ name: BlobName) throws {
        for place in [staged(name), published(name)] {
            guard unlink(place.path) == 0 || errno == ENOENT else { throw Self.failure() }
        }
    }

    /// The size in bytes; nil where there is no such blob.
    func size(_ name: BlobName) -> Int? {
        guard let file = try? file(name) else { return nil }
        var status = stat()
        return stat(file.path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Blobs whose rows may not be written yet.
    func stagedNames() -> [BlobName] { Self.files(in: staging).compactMap(BlobName.init) }

    func publishedNames() -> [BlobName] {
        Self.files(in: folder).flatMap { Self.files(in: folder.appending(path: $0)) }.compactMap(BlobName.init)
    }

    private static func files(in folder: URL) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    }

    private func staged(_ name: BlobName) -> URL { staging.appending(path: name.text) }

    private func published(_ name: BlobName) -> URL {
        folder.appending(path: String(name.text.prefix(2))).appending(path: name.text)
    }

    private static func failure() -> StoreError { .unwritable(reason: String(cString: strerror(errno))) }
}

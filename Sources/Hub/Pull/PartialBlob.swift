import Foundation
import HubCache

/// A blob on its way: a file that grows at its end, and the digest of what it holds. What a process that was killed had
/// written is found again.
struct PartialBlob: ~Copyable {
    /// Bytes that are there.
    private(set) var count = 0
    private let descriptor: Int32
    private let file: RepositoryListing.File
    private let subject: String
    private let disk: any Disk
    private var computation: DigestComputation

    /// Opens the file, or makes it, and reads what it holds.
    ///
    /// - Throws: `HubError`, `CancellationError`.
    init(_ url: URL, file: RepositoryListing.File, subject: String, disk: any Disk) async throws {
        self.file = file
        self.subject = subject
        self.disk = disk
        computation = DigestComputation(like: file.digest, size: file.size)
        descriptor = open(url.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw HubError.writing(subject, errno: errno) }
        try await readBack()
    }

    deinit { close(descriptor) }

    private mutating func readBack() async throws {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { piece.deallocate() }
        while true {
            try Task.checkCancellation()
            let got = pread(descriptor, piece.baseAddress, piece.count, off_t(count))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw HubError.writing(subject, errno: errno) }
            guard got > 0 else { break }
            count += got
            computation.update(UnsafeRawBufferPointer(rebasing: piece[..<got]))
            await Task.yield()
        }
        if count > file.size { try restart() }
    }

    /// Forgets all that is there.
    mutating func restart() throws(HubError) {
        guard ftruncate(descriptor, 0) == 0 else { throw HubError.writing(subject, errno: errno) }
        count = 0
        computation = DigestComputation(like: file.digest, size: file.size)
    }

    /// - Throws: `HubError` of kind `.diskFull` or `.unwritable`; what was written before stays.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(HubError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = disk.append(rest, to: descriptor)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw HubError.writing(subject, errno: written < 0 ? errno : ENOSPC) }
            computation.update(UnsafeRawBufferPointer(rebasing: rest[..<written]))
            count += written
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    var isComplete: Bool { count == file.size }
    var isTooLong: Bool { count > file.size }
    var isRight: Bool { isComplete && computation.finish() == file.digest }

    /// Makes sure that the bytes are on the disk.
    func synchronize() throws(HubError) {
        guard fsync(descriptor) == 0 else { throw HubError.writing(subject, errno: errno) }
    }
}

import Foundation
import HubCache

/// Keeps other processes, `huggingface_hub` among them, from writing the same blob. Let go when the value is gone, or
/// the process.
struct BlobLock: ~Copyable {
    private let descriptor: Int32

    /// Waits until no other process has the lock.
    ///
    /// - Throws: `CancellationError`, `HubError`.
    init(_ file: URL, subject: String) async throws {
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw HubError.writing(subject, errno: errno) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                // A file system without locks: two processes may fetch the same file, and each checks what it gets.
                return
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    deinit { close(descriptor) }
}

import Foundation

/// A file that is written beside its place and put there whole: a reader never sees half of it, and a failure leaves
/// what was there before.
public struct AtomicFile: ~Copyable {
    private let descriptor: Int32
    private let name: String

    /// - Parameters:
    ///   - name: how errors call the file; by default its last path component.
    ///   - body: writes the contents, in as many pieces as it likes.
    /// - Throws: `CheckpointError` of kind `unwritable`, or what `body` throws.
    public static func write(
        to url: URL, name: String? = nil, _ body: (borrowing AtomicFile) throws -> Void
    ) throws {
        let name = name ?? url.lastPathComponent
        let partial = url.deletingLastPathComponent()
            .appending(path: ".\(url.lastPathComponent).\(UUID().uuidString.prefix(8)).partial")
        let descriptor = open(partial.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(name) }
        do {
            defer { close(descriptor) }
            try body(AtomicFile(descriptor: descriptor, name: name))
            guard fsync(descriptor) == 0 else { throw failure(name) }
        } catch {
            unlink(partial.path)
            throw error
        }
        guard rename(partial.path, url.path) == 0 else {
            let error = failure(name)
            unlink(partial.path)
            throw error
        }
    }

    /// Writes bytes that are at hand.
    public static func write(_ data: some ContiguousBytes, to url: URL, name: String? = nil) throws {
        try write(to: url, name: name) { try $0.write(data) }
    }

    /// Appends bytes.
    public borrowing func write(_ data: some ContiguousBytes) throws {
        try data.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw Self.failure(name) }
                rest = rest.dropFirst(written)
            }
        }
    }

    private static func failure(_ name: String) -> CheckpointError {
        CheckpointError(.unwritable, file: name, "cannot be written: \(String(cString: strerror(errno)))")
    }
}

/// `write(2)`, which the methods of the same name hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}

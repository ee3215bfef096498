import Foundation

/// A file mapped into memory, for as long as this object lives.
///
/// The pages are private to the process and can be written: a tensor over them may be changed in place, and the file
/// keeps its bytes. The file must not be shortened by others meanwhile; Limn's own writers replace files whole.
final class MappedFile: Sendable {
    nonisolated(unsafe) let base: UnsafeRawPointer
    let count: Int

    /// - Parameter name: how errors call the file.
    init(_ url: URL, name: String) throws {
        let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let missing = errno == ENOENT || errno == ENOTDIR
            throw CheckpointError(
                missing ? .missingFile : .unreadable, file: name,
                missing ? "not found" : "cannot be opened: \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError(.unreadable, file: name, "is not a regular file")
        }
        count = Int(status.st_size)
        guard count > 0 else { throw CheckpointError(.truncated, file: name, "is empty") }
        let memory = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, descriptor, 0)
        guard let memory, memory != MAP_FAILED else {
            throw CheckpointError(.unreadable, file: name, "cannot be mapped: \(String(cString: strerror(errno)))")
        }
        base = UnsafeRawPointer(memory)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: base), count) }

    /// Tells the system that a range is about to be read, so that it comes in large pieces. Advice may be ignored, and so
    /// is its result.
    func prefetch(_ range: Range<Int>) {
        let first = range.lowerBound / Self.page * Self.page
        let memory = UnsafeMutableRawPointer(mutating: base + first)
        _ = posix_madvise(memory, range.upperBound - first, POSIX_MADV_WILLNEED)
    }

    /// Lets the whole pages in a range go; what is read of them later comes from the file again.
    ///
    /// Not for a range over which a tensor was changed in place: the change would be lost.
    func forget(_ range: Range<Int>) {
        let page = Self.page
        let first = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        guard first < end else { return }
        _ = madvise(UnsafeMutableRawPointer(mutating: base + first), end - first, MADV_DONTNEED)
    }

    private static let page = Int(sysconf(Int32(_SC_PAGESIZE)))

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }
}

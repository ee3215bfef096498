import Foundation

/// A copy of bytes, aligned, for as long as this object lives.
///
/// Its pages are the system's own, not the heap's: between tensors that stay, each copy of a large checkpoint would leave
/// a hole in the heap.
final class TransientMemory {
    let base: UnsafeRawPointer
    private let count: Int

    /// nil where there is not so much memory.
    init?(copying bytes: UnsafeRawBufferPointer) {
        count = max(1, bytes.count)
        let memory = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else { return nil }
        if let source = bytes.baseAddress { memcpy(memory, source, bytes.count) }
        base = UnsafeRawPointer(memory)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: base), count) }
}

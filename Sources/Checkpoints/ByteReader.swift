/// Reads numbers and texts from a stranger's bytes, one after the other, and never past their end.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    /// The place of the next byte, counted from the beginning of the file.
    private(set) var position: Int
    /// The place after the last byte that may be read.
    let end: Int
    /// How errors call the file.
    let name: String

    /// - Parameter range: what may be read of the file; all of it if nil.
    init(_ bytes: UnsafeRawBufferPointer, in range: Range<Int>? = nil, name: String) {
        self.bytes = bytes
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
        self.name = name
    }

    var isAtEnd: Bool { position >= end }

    mutating func take(_ count: Int) throws(CheckpointError) -> Range<Int> {
        guard count >= 0, count <= end - position else {
            throw CheckpointError(
                .truncated, file: name,
                "needs \(count) bytes at \(position) and has \(end - position); get the file again")
        }
        defer { position += count }
        return position..<position + count
    }

    /// A number as it lies in the file, least byte first.
    mutating func little<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(CheckpointError) -> T {
        let range = try take(MemoryLayout<T>.size)
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
    }

    /// A number as it lies in the file, greatest byte first.
    mutating func big<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(CheckpointError) -> T {
        let range = try take(MemoryLayout<T>.size)
        return T(bigEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: T.self))
    }

    mutating func text(_ count: Int) throws(CheckpointError) -> String {
        String(decoding: bytes[try take(count)], as: UTF8.self)
    }

    /// The text up to a line feed, which is taken too.
    mutating func line() throws(CheckpointError) -> String {
        guard let feed = bytes[position..<end].firstIndex(of: 0x0A) else {
            throw CheckpointError(.truncated, file: name, "has a line without an end at \(position)")
        }
        let line = try text(feed - position)
        _ = try take(1)
        return line
    }

    /// A size that a format stores in 64 bits, as a number that can be counted with.
    func size(_ value: UInt64) throws(CheckpointError) -> Int {
        guard let size = Int(exactly: value) else {
            throw CheckpointError(.malformed, file: name, "has a size of \(value) bytes at \(position)")
        }
        return size
    }
}

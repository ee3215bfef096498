/// The files of a zip archive, for archives whose files are stored and not compressed, as PyTorch writes them.
/// Format: PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.5.3.
struct ZipDirectory {
    /// Each file's bytes in the archive.
    let files: [String: Range<Int>]

    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locatorSignature: UInt32 = 0x0706_4B50
    private static let entrySignature: UInt32 = 0x0201_4B50
    private static let fileSignature: UInt32 = 0x0403_4B50
    private static let endSize = 22
    private static let locatorSize = 20

    init(_ archive: UnsafeRawBufferPointer, name: String) throws(CheckpointError) {
        let place = try Self.place(archive, name)
        var reader = ByteReader(archive, in: place.bytes, name: name)
        var files: [String: Range<Int>] = [:]
        for _ in 0..<place.count {
            let entry = try Self.entry(&reader)
            guard !entry.path.hasSuffix("/") else { continue }
            guard entry.isStored else {
                throw CheckpointError(
                    .unsupported, file: name, key: entry.path,
                    "is compressed or encrypted; PyTorch stores tensors as they are")
            }
            guard files.updateValue(try Self.bytes(of: entry, archive, name), forKey: entry.path) == nil else {
                throw CheckpointError(.malformed, file: name, key: entry.path, "is in the archive twice")
            }
        }
        self.files = files
    }

    private struct Entry {
        var path: String
        var isStored: Bool
        var size: Int
        var header: Int
    }

    /// Where the list of files is, and how many it has.
    private static func place(
        _ archive: UnsafeRawBufferPointer, _ name: String
    ) throws(CheckpointError) -> (bytes: Range<Int>, count: Int) {
        let end = try endRecord(archive, name)
        var reader = ByteReader(archive, in: end + 10..<archive.count, name: name)
        var count = UInt64(try reader.little(UInt16.self))
        var size = UInt64(try reader.little(UInt32.self))
        var start = UInt64(try reader.little(UInt32.self))
        if count == UInt16.max || size == UInt32.max || start == UInt32.max {
            var locator = ByteReader(archive, in: max(0, end - locatorSize)..<end, name: name)
            if try locator.little(UInt32.self) == locatorSignature {
                _ = try locator.take(4)
                let record = try locator.size(locator.little(UInt64.self))
                (count, size, start) = try large(archive, at: record, name)
            }
        }
        let (last, overflow) = start.addingReportingOverflow(size)
        // An entry takes 46 bytes and its name.
        guard !overflow, last <= UInt64(end), count <= size / 46 else {
            throw CheckpointError(.malformed, file: name, "its list of files lies outside of it; get the file again")
        }
        return (Int(start)..<Int(last), Int(count))
    }

    private static func large(
        _ archive: UnsafeRawBufferPointer, at place: Int, _ name: String
    ) throws(CheckpointError) -> (count: UInt64, size: UInt64, start: UInt64) {
        var reader = ByteReader(archive, in: min(place, archive.count)..<archive.count, name: name)
        guard try reader.little(UInt32.self) == end64Signature else {
            throw CheckpointError(.malformed, file: name, "its end for large archives is not where it says")
        }
        _ = try reader.take(28)
        return (try reader.little(), try reader.little(), try reader.little())
    }

    /// The record at the archive's end, before which a comment may stand.
    private static func endRecord(_ archive: UnsafeRawBufferPointer, _ name: String) throws(CheckpointError) -> Int {
        var place = archive.count - endSize
        let first = max(0, place - Int(UInt16.max))
        while place >= first {
            if archive.loadUnaligned(fromByteOffset: place, as: UInt32.self) == endSignature.littleEndian {
                return place
            }
            place -= 1
        }
        throw CheckpointError(.truncated, file: name, "has no end of a zip archive; get the file again")
    }

    private static func entry(_ reader: inout ByteReader) throws(CheckpointError) -> Entry {
        guard try reader.little(UInt32.self) == entrySignature else {
            throw CheckpointError(.malformed, file: reader.name, "has a broken list of files; get the file again")
        }
        _ = try reader.take(4)
        let flags: UInt16 = try reader.little()
        let method: UInt16 = try reader.little()
        _ = try reader.take(8)
        var packed = UInt64(try reader.little(UInt32.self))
        var size = UInt64(try reader.little(UInt32.self))
        let lengths = (try reader.little(UInt16.self), try reader.little(UInt16.self), try reader.little(UInt16.self))
        _ = try reader.take(8)
        var header = UInt64(try reader.little(UInt32.self))
        let path = try reader.text(Int(lengths.0))
        let extra = try reader.take(Int(lengths.1))
        _ = try reader.take(Int(lengths.2))
        var large = try largeNumbers(ByteReader(reader.bytes, in: extra, name: reader.name))
        if size == UInt32.max { size = try large?.little() ?? size }
        if packed == UInt32.max { packed = try large?.little() ?? packed }
        if header == UInt32.max { header = try large?.little() ?? header }
        return Entry(
            path: path, isStored: method == 0 && flags & 1 == 0 && packed == size, size: try reader.size(size),
            header: try reader.size(header))
    }

    /// The extra field that holds what 32 bits cannot.
    private static func largeNumbers(_ extra: ByteReader) throws(CheckpointError) -> ByteReader? {
        var reader = extra
        while reader.end - reader.position >= 4 {
            let kind: UInt16 = try reader.little()
            let content = try reader.take(Int(try reader.little(UInt16.self)))
            if kind == 1 { return ByteReader(reader.bytes, in: content, name: reader.name) }
        }
        return nil
    }

    private static func bytes(
        of entry: Entry, _ archive: UnsafeRawBufferPointer, _ name: String
    ) throws(CheckpointError) -> Range<Int> {
        var reader = ByteReader(archive, in: min(entry.header, archive.count)..<archive.count, name: name)
        guard try reader.little(UInt32.self) == fileSignature else {
            throw CheckpointError(.malformed, file: name, key: entry.path, "is not where the list of files says")
        }
        _ = try reader.take(22)
        let lengths = (try reader.little(UInt16.self), try reader.little(UInt16.self))
        _ = try reader.take(Int(lengths.0) + Int(lengths.1))
        return try reader.take(entry.size)
    }
}

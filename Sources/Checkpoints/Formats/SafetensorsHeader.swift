/// The header of a safetensors file: eight bytes of length (little-endian), then JSON, then the tensors' bytes.
/// Format: https://github.com/huggingface/safetensors#format. As the reference does, it refuses holes, overlaps and
/// bytes that belong to no tensor.
struct SafetensorsHeader: Sendable {
    struct Entry: Sendable, Equatable {
        let type: StoredType
        let shape: [Int]
        /// Where the tensor's bytes lie, counted from the end of the header.
        let bytes: Range<Int>
    }

    /// The reference's limit.
    static let longest = 100_000_000

    let entries: [String: Entry]
    let metadata: [String: String]
    /// Where the tensors' bytes begin in the file.
    let dataStart: Int

    init(_ file: UnsafeRawBufferPointer, name: String) throws(CheckpointError) {
        guard file.count >= 8 else {
            throw CheckpointError(.truncated, file: name, "has \(file.count) bytes; a safetensors file has at least 8")
        }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= Self.longest else {
            throw CheckpointError(
                .malformed, file: name, "names a header of \(length) bytes; it is not a safetensors file")
        }
        let start = 8 + Int(length)
        guard start <= file.count else {
            throw CheckpointError(
                .truncated, file: name,
                "ends inside its header, which needs \(start) bytes of \(file.count); get the file again")
        }
        let json: JSON
        do {
            json = try JSON(parsing: file[8..<start])
        } catch {
            throw CheckpointError(.malformed, file: name, "its header is not JSON: \(error)")
        }
        guard case .object(var members) = json else {
            throw CheckpointError(.malformed, file: name, "its header is not a JSON object")
        }
        metadata = try Self.metadata(members.removeValue(forKey: "__metadata__"), name)
        var entries: [String: Entry] = [:]
        for (key, value) in members { entries[key] = try Self.entry(key, value, name) }
        try Self.checkOrder(entries, available: file.count - start, name)
        self.entries = entries
        dataStart = start
    }

    private static func metadata(_ value: JSON?, _ name: String) throws(CheckpointError) -> [String: String] {
        guard let value else { return [:] }
        let strings = value.object?.compactMapValues(\.string)
        guard let strings, strings.count == value.object?.count else {
            throw CheckpointError(.malformed, file: name, key: "__metadata__", "should be an object of strings")
        }
        return strings
    }

    private static func entry(_ key: String, _ value: JSON, _ name: String) throws(CheckpointError) -> Entry {
        func fault(_ message: String) -> CheckpointError {
            CheckpointError(.malformed, file: name, key: key, message)
        }
        guard let typeName = value["dtype"]?.string else { throw fault("has no dtype") }
        guard let type = StoredType(rawValue: typeName) else {
            throw CheckpointError(.unsupported, file: name, key: key, "has the unknown type \(typeName.prefix(40))")
        }
        guard let sizes = value["shape"]?.array else { throw fault("has no shape") }
        let shape = sizes.compactMap(\.int).filter { $0 >= 0 }
        guard shape.count == sizes.count, shape.count <= 64 else { throw fault("its shape is not a list of sizes") }
        let offsets = value["data_offsets"]?.array?.compactMap(\.int) ?? []
        guard offsets.count == 2, 0 <= offsets[0], offsets[0] <= offsets[1] else {
            throw fault("its data_offsets are not a beginning and an end")
        }
        var count = type.size
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { throw fault("its shape has too many elements") }
            count = product
        }
        guard count == offsets[1] - offsets[0] else {
            throw fault("its shape \(shape) of \(typeName) takes \(count) bytes, its data_offsets \(offsets) do not")
        }
        return Entry(type: type, shape: shape, bytes: offsets[0]..<offsets[1])
    }

    private static func checkOrder(
        _ entries: [String: Entry], available: Int, _ name: String
    ) throws(CheckpointError) {
        let sorted = entries.sorted {
            let (a, b) = ($0.value.bytes, $1.value.bytes)
            return (a.lowerBound, a.upperBound) < (b.lowerBound, b.upperBound)
        }
        var end = 0
        for (key, entry) in sorted {
            guard entry.bytes.lowerBound == end else {
                let problem = entry.bytes.lowerBound < end ? "overlaps another tensor" : "has unused bytes before it"
                throw CheckpointError(.malformed, file: name, key: key, problem)
            }
            end = entry.bytes.upperBound
        }
        guard end <= available else {
            throw CheckpointError(
                .truncated, file: name, "ends after \(available) of \(end) bytes of tensors; get the file again")
        }
        guard end == available else {
            throw CheckpointError(.malformed, file: name, "has \(available - end) bytes that belong to no tensor")
        }
    }
}

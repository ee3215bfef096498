/// A tree of parameters as `flax.serialization.msgpack_serialize` writes it (flax/serialization.py): nested maps whose
/// leaves are arrays. Keys are the names on the way to an array, joined by dots.
enum FlaxMessages: TensorFormat {
    /// Flax's own types of MessagePack values.
    private enum Extension: Int8 {
        case array = 1
        case complex = 2
        case scalar = 3
    }

    /// Numpy's names.
    private static let types: [String: StoredType] = [
        "bool": .bool, "uint8": .uint8, "int8": .int8, "int16": .int16, "uint16": .uint16, "int32": .int32,
        "uint32": .uint32, "int64": .int64, "uint64": .uint64, "float16": .float16, "bfloat16": .bfloat16,
        "float32": .float32, "float64": .float64, "float8_e5m2": .float8e5m2, "float8_e4m3fn": .float8e4m3,
    ]

    private static let chunkMark = "__msgpack_chunked_array__"

    /// A map, and not the length of a safetensors header, whose last byte is 0.
    static func claims(_ file: UnsafeRawBufferPointer) -> Bool {
        guard let first = file.first, 0x80...0x8F ~= first || first == 0xDE || first == 0xDF else { return false }
        return file.count < 8 || file[7] != 0
    }

    static func read(_ file: UnsafeRawBufferPointer, name: String) throws(CheckpointError) -> TensorDirectory {
        var messages = MessagePackReader(ByteReader(file, name: name))
        guard case .map(let root) = try messages.value() else {
            throw CheckpointError(.malformed, file: name, "holds no map; it is not a checkpoint of Flax")
        }
        guard messages.reader.isAtEnd else {
            throw CheckpointError(.malformed, file: name, "goes on after its end")
        }
        var tree = Tree(file: file, name: name)
        try tree.add(root, under: "")
        return TensorDirectory(tensors: tree.tensors)
    }

    private struct Tree {
        let file: UnsafeRawBufferPointer
        let name: String
        var tensors: [String: StoredTensor] = [:]

        mutating func add(
            _ map: [(key: MessagePackValue, value: MessagePackValue)], under prefix: String
        ) throws(CheckpointError) {
            for (key, value) in map {
                guard let part = key.string else {
                    throw CheckpointError(.malformed, file: name, key: prefix, "has a part whose name is no text")
                }
                let path = prefix.isEmpty ? part : prefix + "." + part
                switch value {
                case .map(let inner) where isChunked(inner): try keep(chunked(inner, path), path)
                case .map(let inner): try add(inner, under: path)
                case .extended(let type, let bytes): try keep(array(type, bytes, path), path)
                // Numbers and texts are none of a network's weights.
                default: break
                }
            }
        }

        private mutating func keep(_ tensor: StoredTensor, _ path: String) throws(CheckpointError) {
            guard tensors.updateValue(tensor, forKey: path) == nil else { throw fault(path, "is in the file twice") }
        }

        private func fault(_ path: String, _ message: String) -> CheckpointError {
            CheckpointError(.malformed, file: name, key: path, message)
        }

        /// `(shape, type, bytes)`, again in MessagePack.
        private func array(_ kind: Int8, _ bytes: Range<Int>, _ path: String) throws(CheckpointError) -> StoredTensor {
            switch Extension(rawValue: kind) {
            case .array, .scalar: break
            case .complex: throw CheckpointError(.unsupported, file: name, key: path, "is a complex number")
            case nil:
                throw CheckpointError(.unsupported, file: name, key: path, "has the type \(kind), which is not Flax's")
            }
            var messages = MessagePackReader(ByteReader(file, in: bytes, name: name))
            guard let fields = try messages.value().array, fields.count == 3, let sizes = fields[0].array,
                let typeName = fields[1].string, case .bytes(let content) = fields[2]
            else { throw fault(path, "is not an array as Flax writes it") }
            guard let type = types[typeName] else {
                throw CheckpointError(
                    .unsupported, file: name, key: path, "has the unknown type \(typeName.prefix(40))")
            }
            let shape = sizes.compactMap(\.int)
            guard shape.count == sizes.count, shape.count <= 64, let count = shape.elementCount,
                content.count.isMultiple(of: type.size), count == content.count / type.size
            else { throw fault(path, "its shape does not fit its \(content.count) bytes") }
            return StoredTensor(type, shape: shape, content: .bytes([content]))
        }

        private func isChunked(_ map: [(key: MessagePackValue, value: MessagePackValue)]) -> Bool {
            map.contains { $0.key.string == chunkMark }
        }

        /// An array of more than 2³⁰ bytes: its shape, and its elements in pieces.
        private func chunked(
            _ map: [(key: MessagePackValue, value: MessagePackValue)], _ path: String
        ) throws(CheckpointError) -> StoredTensor {
            func numbered(_ key: String) throws(CheckpointError) -> [MessagePackValue] {
                guard case .map(let items)? = map.first(where: { $0.key.string == key })?.value else {
                    throw fault(path, "is in pieces, and has no \(key)")
                }
                let places = Dictionary(
                    items.map { ($0.key.string ?? "", $0.value) }, uniquingKeysWith: { first, _ in first })
                let ordered = items.indices.compactMap { places["\($0)"] }
                guard ordered.count == items.count else { throw fault(path, "its \(key) is not numbered from 0") }
                return ordered
            }
            let sizes = try numbered("shape")
            var pieces: [StoredTensor] = []
            for piece in try numbered("chunks") {
                guard case .extended(let kind, let bytes) = piece else {
                    throw fault(path, "has a piece that is no array")
                }
                pieces.append(try array(kind, bytes, path))
            }
            let shape = sizes.compactMap(\.int)
            guard let type = pieces.first?.type, pieces.allSatisfy({ $0.type == type }), shape.count == sizes.count,
                shape.count <= 64, let count = shape.elementCount,
                count == pieces.reduce(0, { $0 + ($1.shape.elementCount ?? 0) })
            else { throw fault(path, "its pieces do not make an array of its shape") }
            return StoredTensor(type, shape: shape, content: .bytes(pieces.flatMap(\.pieces)))
        }
    }
}

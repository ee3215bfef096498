/// A value of MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md). Texts that are keys are read; all
/// other bytes stay where they are.
indirect enum MessagePackValue {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case bytes(Range<Int>)
    case array([MessagePackValue])
    case map([(key: MessagePackValue, value: MessagePackValue)])
    /// A type of the application's own.
    case extended(type: Int8, Range<Int>)

    var string: String? { if case .string(let value) = self { value } else { nil } }
    var int: Int? { if case .int(let value) = self { value } else { nil } }
    var array: [MessagePackValue]? { if case .array(let values) = self { values } else { nil } }
}

/// Reads MessagePack. What a stranger's file claims of its sizes is believed only as far as its bytes reach.
struct MessagePackReader {
    private(set) var reader: ByteReader
    private var values = 0

    /// Trees of parameters are about ten deep.
    private static let deepest = 32
    /// More than a file of 100,000 tensors needs.
    private static let mostValues = 1 << 20

    init(_ reader: ByteReader) { self.reader = reader }

    /// The next value.
    ///
    /// - Throws: `CheckpointError`.
    mutating func value(depth: Int = 0) throws(CheckpointError) -> MessagePackValue {
        values += 1
        guard depth <= Self.deepest, values <= Self.mostValues else {
            throw CheckpointError(
                .unsupported, file: reader.name, "is nested deeper, or has more parts, than any model")
        }
        let code: UInt8 = try reader.little()
        switch code {
        case 0x00...0x7F: return .int(Int(code))
        case 0x80...0x8F: return try map(Int(code & 0x0F), depth)
        case 0x90...0x9F: return try array(Int(code & 0x0F), depth)
        case 0xA0...0xBF: return .string(try reader.text(Int(code & 0x1F)))
        case 0xC0: return .null
        case 0xC2: return .bool(false)
        case 0xC3: return .bool(true)
        case 0xC4, 0xC5, 0xC6: return .bytes(try reader.take(try length(code - 0xC4)))
        case 0xC7, 0xC8, 0xC9: return try extended(try length(code - 0xC7))
        case 0xCA: return .double(Double(Float(bitPattern: try reader.big())))
        case 0xCB: return .double(Double(bitPattern: try reader.big()))
        case 0xCC: return .int(Int(try reader.big(UInt8.self)))
        case 0xCD: return .int(Int(try reader.big(UInt16.self)))
        case 0xCE: return .int(Int(try reader.big(UInt32.self)))
        case 0xCF: return .int(try reader.size(try reader.big()))
        case 0xD0: return .int(Int(try reader.big(Int8.self)))
        case 0xD1: return .int(Int(try reader.big(Int16.self)))
        case 0xD2: return .int(Int(try reader.big(Int32.self)))
        case 0xD3: return .int(Int(try reader.big(Int64.self)))
        case 0xD4...0xD8: return try extended(1 << Int(code - 0xD4))
        case 0xD9, 0xDA, 0xDB: return .string(try reader.text(try length(code - 0xD9)))
        case 0xDC, 0xDD: return try array(try length(code - 0xDC + 1), depth)
        case 0xDE, 0xDF: return try map(try length(code - 0xDE + 1), depth)
        case 0xE0...0xFF: return .int(Int(Int8(bitPattern: code)))
        default: throw CheckpointError(.malformed, file: reader.name, "has the byte \(code), which begins no value")
        }
    }

    /// A length in 1, 2 or 4 bytes.
    private mutating func length(_ power: UInt8) throws(CheckpointError) -> Int {
        switch power {
        case 0: Int(try reader.big(UInt8.self))
        case 1: Int(try reader.big(UInt16.self))
        default: Int(try reader.big(UInt32.self))
        }
    }

    private mutating func extended(_ count: Int) throws(CheckpointError) -> MessagePackValue {
        let type: Int8 = try reader.little()
        return .extended(type: type, try reader.take(count))
    }

    private mutating func array(_ count: Int, _ depth: Int) throws(CheckpointError) -> MessagePackValue {
        var items: [MessagePackValue] = []
        for _ in 0..<count { items.append(try value(depth: depth + 1)) }
        return .array(items)
    }

    private mutating func map(_ count: Int, _ depth: Int) throws(CheckpointError) -> MessagePackValue {
        var items: [(key: MessagePackValue, value: MessagePackValue)] = []
        for _ in 0..<count {
            let key = try value(depth: depth + 1)
            items.append((key, try value(depth: depth + 1)))
        }
        return .map(items)
    }
}

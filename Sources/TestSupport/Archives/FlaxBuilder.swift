/// Writes what `flax.serialization.msgpack_serialize` makes of a tree of arrays; for tests.
public indirect enum FlaxBuilder: Sendable {
    case map([(String, FlaxBuilder)])
    case floats([Float], shape: [Int])
    /// An array of more than the largest piece.
    case chunked([[Float]], shape: [Int])
    /// Any value that is there already.
    case raw([UInt8])

    public var bytes: [UInt8] {
        switch self {
        case .map(let items):
            [0xDE] + big(UInt16(items.count)) + items.flatMap { Self.string($0.0) + $0.1.bytes }
        case .floats(let values, let shape):
            Self.extended(1, Self.array(shape, "float32", values.flatMap { little($0.bitPattern) }))
        case .chunked(let pieces, let shape):
            FlaxBuilder.map([
                ("__msgpack_chunked_array__", .raw([0xC3])),
                ("shape", .map(shape.enumerated().map { ("\($0)", .raw(Self.int($1))) })),
                ("chunks", .map(pieces.enumerated().map { ("\($0)", .floats($1, shape: [$1.count])) })),
            ]).bytes
        case .raw(let bytes): bytes
        }
    }

    /// An array's content: its shape, its type's name, its elements.
    public static func array(_ shape: [Int], _ type: String, _ elements: [UInt8]) -> [UInt8] {
        [0x93, 0x90 | UInt8(shape.count)] + shape.flatMap(int) + string(type) + [0xC6] + big(UInt32(elements.count))
            + elements
    }

    public static func extended(_ type: Int8, _ content: [UInt8]) -> [UInt8] {
        [0xC9] + big(UInt32(content.count)) + [UInt8(bitPattern: type)] + content
    }

    static func string(_ text: String) -> [UInt8] { [0xD9, UInt8(text.utf8.count)] + Array(text.utf8) }
    static func int(_ value: Int) -> [UInt8] { [0xCE] + big(UInt32(value)) }
}

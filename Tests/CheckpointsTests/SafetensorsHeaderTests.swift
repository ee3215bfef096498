import Testing

@testable import Checkpoints

struct SafetensorsHeaderTests {
    /// Lays a file out in memory: the header's length, the header, `data` zero bytes.
    private func file(_ header: [UInt8], data: Int, length: UInt64? = nil) -> [UInt8] {
        withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { Array($0) } + header
            + Array(repeating: 0, count: data)
    }

    private func parse(_ bytes: [UInt8]) throws -> SafetensorsHeader {
        try bytes.withUnsafeBytes { try SafetensorsHeader($0, name: "a.safetensors") }
    }

    private func fault(_ header: String, data: Int) -> CheckpointError? {
        #expect(throws: CheckpointError.self, "\(header)") { try parse(file(Array(header.utf8), data: data)) }
    }

    static let good = """
        {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
        "b":{"dtype":"BF16","shape":[],"data_offsets":[24,26]},"c":{"dtype":"U8","shape":[0,5],"data_offsets":[26,26]}}
        """

    @Test func readsEntries() throws {
        let header = try parse(file(Array(Self.good.utf8), data: 26))
        #expect(header.entries["a"] == .init(type: .float32, shape: [2, 3], bytes: 0..<24))
        #expect(header.entries["b"]?.shape == [])
        #expect(header.entries["c"]?.bytes == 26..<26)
        #expect(header.metadata == ["format": "pt"])
        #expect(header.dataStart == 8 + Self.good.utf8.count)
        #expect(try parse(file(Array("{}".utf8), data: 0)).entries.isEmpty)
    }

    @Test func tellsTruncatedFromMalformed() throws {
        #expect(fault(Self.good, data: 25)?.kind == .truncated)
        #expect(fault(Self.good, data: 27)?.kind == .malformed)
        for bytes in [[], [0], Array(file(Array(Self.good.utf8), data: 0).prefix(60))] as [[UInt8]] {
            let error = #expect(throws: CheckpointError.self) { try parse(bytes) }
            #expect(error?.kind == .truncated)
        }
        for length in [UInt64.max, 1 << 40, UInt64(Int64.max), 100_000_001] {
            let error = #expect(throws: CheckpointError.self) { try parse(file([], data: 100, length: length)) }
            #expect(error?.kind == .malformed)
        }
    }

    @Test(
        arguments: [
            ("[]", nil), ("null", nil), ("{}x", nil),
            (#"{"a":1}"#, "a"), (#"{"a":{}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":[0.5],"data_offsets":[0,2]}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}"#, "a"),
            (#"{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}"#, "a"),
            (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, "a"),
            (#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#, "a"),
            (
                #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}}"#,
                "b"
            ),
            (
                #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}}"#,
                "b"
            ),
            (#"{"__metadata__":[]}"#, "__metadata__"), (#"{"__metadata__":{"a":1}}"#, "__metadata__"),
        ] as [(String, String?)])
    func refuses(_ header: String, _ key: String?) {
        let error = fault(header, data: 4)
        #expect(error?.kind == .malformed)
        #expect(error?.key == key)
        #expect(error?.file == "a.safetensors")
    }

    @Test func refusesUnknownTypesAndDoubleKeys() {
        #expect(fault(#"{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}"#, data: 1)?.kind == .unsupported)
        let entry = #""a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#
        #expect(fault("{\(entry),\(entry)}", data: 1)?.message.contains("twice") == true)
    }

    /// Damaged files are refused or read within their bounds; they never trap.
    @Test func survivesDamage() throws {
        let original = file(Array(Self.good.utf8), data: 26)
        let header = 0..<(8 + Self.good.utf8.count)
        var random = SystemRandomNumberGenerator()
        var refused = 0
        for round in 0..<5000 {
            var bytes = original
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let place = Int.random(in: header, using: &random)
                switch round % 4 {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] = Array("{}[]\",:0123456789-e.\\u".utf8).randomElement(using: &random)!
                case 2: bytes.remove(at: min(place, bytes.count - 1))
                default: bytes.insert(original[Int.random(in: header, using: &random)], at: min(place, bytes.count))
                }
            }
            do {
                let header = try parse(bytes)
                for entry in header.entries.values {
                    #expect(header.dataStart + entry.bytes.upperBound <= bytes.count)
                }
            } catch is CheckpointError {
                refused += 1
            }
        }
        #expect(refused > 2500)
    }
}

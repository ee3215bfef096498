import Foundation

/// One chunk of a PNG file (PNG specification, third edition, section 5).
struct PNGChunk {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    let type: String
    let data: UnsafeRawBufferPointer

    /// The whole chunks, up to the first that is cut short.
    static func all(in bytes: UnsafeRawBufferPointer) -> [PNGChunk] {
        var chunks: [PNGChunk] = []
        var offset = signature.count
        while offset + 12 <= bytes.count {
            let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            guard length <= bytes.count - offset - 12 else { break }
            chunks.append(
                PNGChunk(
                    type: String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self),
                    data: UnsafeRawBufferPointer(rebasing: bytes[offset + 8..<offset + 8 + length])))
            offset += 12 + length
        }
        return chunks
    }

    /// Whether a chunk other than pixels says that it is longer than the file: readers believe it, and take that much memory.
    static func overruns(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let offset = all(in: bytes).reduce(signature.count) { $0 + 12 + $1.data.count }
        guard offset + 8 <= bytes.count else { return false }
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        return length > bytes.count - offset - 8 && !bytes[offset + 4..<offset + 8].elementsEqual("IDAT".utf8)
    }

    /// Length, type, data and CRC.
    static func encoded(type: String, data: Data) -> Data {
        let body = Data(type.utf8) + data
        return bigEndian(UInt32(data.count)) + body + bigEndian(crc(body))
    }

    private static func bigEndian(_ value: UInt32) -> Data {
        withUnsafeBytes(of: value.bigEndian) { Data($0) }
    }

    /// CRC-32 of ISO 3309, as in annex D.
    static func crc(_ bytes: Data) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { crc, byte in crcTable[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}

/// Text chunks: `tEXt` (Latin-1) where that is enough, else `iTXt` (UTF-8).
enum PNGText {
    /// Puts the text behind the header chunk, in the order of the keys.
    static func inserting(_ metadata: [String: String], into png: Data) -> Data {
        let headerEnd = PNGChunk.signature.count + 12 + 13
        guard !metadata.isEmpty, png.count > headerEnd else { return png }
        let text = metadata.sorted { $0.key < $1.key }.map(chunk)
        return png.prefix(headerEnd) + text.joined() + png.dropFirst(headerEnd)
    }

    private static func chunk(key: String, value: String) -> Data {
        let keyword = Data(key.utf8) + [0]
        if let latin = latin1(value) { return PNGChunk.encoded(type: "tEXt", data: keyword + latin) }
        // Not compressed, method 0, no language, no translated keyword.
        return PNGChunk.encoded(type: "iTXt", data: keyword + [0, 0, 0, 0] + Data(value.utf8))
    }

    /// Nil if a character is not one that a `tEXt` chunk may hold.
    private static func latin1(_ text: String) -> Data? {
        var bytes = Data()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x20...0x7E, 0xA0...0xFF: bytes.append(UInt8(scalar.value))
            default: return nil
            }
        }
        return bytes
    }

    static func read(_ png: UnsafeRawBufferPointer) -> [String: String] {
        var metadata: [String: String] = [:]
        for chunk in PNGChunk.all(in: png) {
            guard let (key, rest) = field(chunk.data[...]) else { continue }
            let value: String? =
                switch chunk.type {
                case "tEXt": decodedLatin1(rest)
                case "iTXt": international(rest)
                default: nil
                }
            if let value { metadata[decodedLatin1(key)] = value }
        }
        return metadata
    }

    private typealias Bytes = Slice<UnsafeRawBufferPointer>

    /// Splits at the first NUL.
    private static func field(_ bytes: Bytes) -> (Bytes, Bytes)? {
        bytes.firstIndex(of: 0).map { (bytes[..<$0], bytes[($0 + 1)...]) }
    }

    private static func decodedLatin1(_ bytes: Bytes) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    /// The text behind an `iTXt` chunk's keyword; nil if it is compressed.
    private static func international(_ bytes: Bytes) -> String? {
        guard bytes.count >= 2, bytes.first == 0, let (_, afterLanguage) = field(bytes.dropFirst(2)),
            let (_, text) = field(afterLanguage)
        else { return nil }
        return String(validating: text, as: UTF8.self)
    }
}

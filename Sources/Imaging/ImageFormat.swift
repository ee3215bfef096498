/// A file format that Limn reads and writes.
public enum ImageFormat: String, CaseIterable, Sendable {
    case png, jpeg, webp

    /// The name as people write it.
    public var name: String {
        switch self {
        case .png: "PNG"
        case .jpeg: "JPEG"
        case .webp: "WebP"
        }
    }

    /// The media type, for `Content-Type`.
    public var mediaType: String { "image/\(rawValue)" }

    /// Without the dot.
    public var fileExtension: String { self == .jpeg ? "jpg" : rawValue }

    /// The largest width and height that the format can declare and its encoder takes.
    var maxSide: Int {
        switch self {
        case .png: 1_000_000
        case .jpeg: 65_500
        case .webp: 16_383
        }
    }

    /// The format by the first bytes, whatever the file is called; nil if it is none of ours.
    public static func sniff(_ bytes: UnsafeRawBufferPointer) -> ImageFormat? {
        if bytes.starts(with: PNGChunk.signature) { return .png }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if bytes.count >= 12, bytes.starts(with: "RIFF".utf8), bytes[8..<12].elementsEqual("WEBP".utf8) { return .webp }
        return nil
    }
}

import Foundation

/// Text that travels inside a picture's file, by key.
public enum ImageMetadata {
    /// The text that `ImageBuffer.encoded(as:metadata:)` put there. In PNG, also other programs' uncompressed text chunks.
    /// Text that is malformed is passed over.
    /// - Throws: as `ImageHeader.init(decoding:limits:)`. No pixel is decoded.
    public static func read(decoding bytes: some ContiguousBytes, limits: DecodeLimits = .standard) throws -> [String:
        String]
    {
        try bytes.withUnsafeBytes { bytes in
            let image = try EncodedImage(bytes, limits: limits)
            return switch image.header.format {
            case .png: PNGText.read(bytes)
            case .jpeg, .webp: image.vips.xmp.map(XMP.read) ?? [:]
            }
        }
    }

    /// The text in a file.
    /// - Throws: `ImageError.unreadable`, and as `read(decoding:limits:)`.
    public static func read(contentsOf file: URL, limits: DecodeLimits = .standard) throws -> [String: String] {
        try read(decoding: ImageFile.read(file, limits: limits), limits: limits)
    }

    /// PNG has the narrowest rules for keys; they hold for every format, so that a picture can change its format.
    static func check(_ metadata: [String: String], format: ImageFormat) throws {
        for (key, value) in metadata {
            guard (1...79).contains(key.utf8.count), key.utf8.allSatisfy({ (0x20...0x7E).contains($0) }),
                !key.hasPrefix(" "), !key.hasSuffix(" "), !key.contains("  ")
            else {
                throw ImageError.invalidMetadata(
                    "a key has 1 to 79 printable ASCII characters and no doubled or outer spaces.")
            }
            guard !value.utf8.contains(0) else {
                throw ImageError.invalidMetadata("the value of \"\(key)\" contains a NUL character.")
            }
        }
        let size = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= maxBytes(format), format != .jpeg || XMP.packet(metadata).count <= maxBytes(.jpeg) else {
            throw ImageError.invalidMetadata("\(format.name) carries at most \(maxBytes(format)) bytes of text.")
        }
    }

    /// JPEG: what libvips puts into one APP1 segment; beyond it, it drops the packet. Others: enough for any recipe.
    private static func maxBytes(_ format: ImageFormat) -> Int {
        format == .jpeg ? 60_000 : 8 << 20
    }
}

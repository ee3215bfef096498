import Foundation

/// What a decoder takes from a stranger.
public struct DecodeLimits: Hashable, Sendable {
    /// Width × height that the header may declare.
    public var maxPixels: Int
    /// Size of the encoded picture.
    public var maxBytes: Int

    public init(maxPixels: Int = 64 << 20, maxBytes: Int = 256 << 20) {
        self.maxPixels = maxPixels
        self.maxBytes = maxBytes
    }

    /// 64 megapixels in 256 MiB.
    public static let standard = DecodeLimits()
}

/// What a picture's header says. Nothing is decoded for it.
public struct ImageHeader: Hashable, Sendable {
    public let format: ImageFormat
    /// Pixels, after turning as the EXIF orientation says.
    public let width: Int
    public let height: Int
    /// As the decoded `ImageBuffer` will have.
    public let channels: Int

    /// - Throws: `ImageError.unsupportedFormat`, `.tooManyBytes`, `.tooManyPixels`, `.damaged`.
    public init(decoding bytes: some ContiguousBytes, limits: DecodeLimits = .standard) throws {
        self = try bytes.withUnsafeBytes { try EncodedImage($0, limits: limits).header }
    }
}

extension ImageBuffer {
    /// Decodes a PNG, JPEG or WebP picture (the first one, if it is animated), by content.
    ///
    /// Whatever the file holds (16 bits, palette, grey, CMYK, an embedded profile, an EXIF orientation),
    /// the result is 8-bit grey or sRGB, with alpha if the file has it, upright.
    /// - Throws: `ImageError.unsupportedFormat`, `.tooManyBytes`, `.tooManyPixels` (before anything is decoded), `.damaged`.
    public init(decoding bytes: some ContiguousBytes, limits: DecodeLimits = .standard) throws {
        self = try bytes.withUnsafeBytes { try EncodedImage($0, limits: limits).decoded() }
    }

    /// Reads and decodes a file.
    /// - Throws: `ImageError.unreadable`, and as `init(decoding:limits:)`.
    public init(contentsOf file: URL, limits: DecodeLimits = .standard) throws {
        try self.init(decoding: ImageFile.read(file, limits: limits), limits: limits)
    }
}

/// An encoded picture whose header was read and found acceptable. Lives no longer than the bytes.
struct EncodedImage {
    let header: ImageHeader
    let vips: VipsPicture
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer, limits: DecodeLimits) throws {
        guard bytes.count <= limits.maxBytes else {
            throw ImageError.tooManyBytes(count: bytes.count, limit: limits.maxBytes)
        }
        guard let format = ImageFormat.sniff(bytes) else { throw ImageError.unsupportedFormat }
        guard format != .png || !PNGChunk.overruns(bytes) else {
            throw ImageError.damaged(format: format, detail: "a chunk is longer than the file")
        }
        self.bytes = bytes
        vips = try Self.reporting(format) { try VipsPicture(header: bytes, format: format) }
        let (width, height, channels) = vips.uprightSize
        header = ImageHeader(format: format, width: width, height: height, channels: channels)
        guard width <= limits.maxPixels / max(height, 1) else {
            throw ImageError.tooManyPixels(width: width, height: height, limit: limits.maxPixels)
        }
    }

    func decoded() throws -> ImageBuffer {
        guard isComplete else { throw ImageError.damaged(format: header.format, detail: "the end is missing") }
        return try Self.reporting(header.format) { try vips.normalized().read() }
    }

    /// Whether the container reaches its declared end. libvips stops at the last row, so it misses a cut behind it.
    private var isComplete: Bool {
        switch header.format {
        case .png: PNGChunk.all(in: bytes).contains { $0.type == "IEND" }
        case .webp:
            8 + Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))) <= bytes.count
        case .jpeg: true
        }
    }

    private static func reporting<Value>(_ format: ImageFormat, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let fault as VipsFault {
            throw ImageError.damaged(format: format, detail: fault.text)
        }
    }
}

extension ImageHeader {
    fileprivate init(format: ImageFormat, width: Int, height: Int, channels: Int) {
        (self.format, self.width, self.height, self.channels) = (format, width, height, channels)
    }
}

import Foundation

/// How a picture is written.
public enum ImageEncoding: Hashable, Sendable {
    /// Lossless.
    case png
    /// `quality` 0…100. Alpha is blended over `background`.
    case jpeg(quality: Int = 90, background: Color = .white)
    /// `quality` 0…100. Grey becomes RGB.
    case webp(quality: Int = 85)
    case webpLossless

    public var format: ImageFormat {
        switch self {
        case .png: .png
        case .jpeg: .jpeg
        case .webp, .webpLossless: .webp
        }
    }

    /// The encoding with its usual quality.
    public init(_ format: ImageFormat) {
        switch format {
        case .png: self = .png
        case .jpeg: self = .jpeg()
        case .webp: self = .webp()
        }
    }

    fileprivate var quality: Int {
        switch self {
        case .jpeg(let quality, _), .webp(let quality): quality
        case .png, .webpLossless: 100
        }
    }
}

extension ImageBuffer {
    /// The bytes of an image file.
    ///
    /// - Parameter metadata: text that travels with the picture: text chunks in PNG, an XMP packet in JPEG and WebP;
    ///   read back with `ImageMetadata.read(decoding:)`. Keys are 1…79 printable ASCII characters.
    /// - Throws: `ImageError.invalidArgument` (quality), `.invalidMetadata`, `.encodingFailed` (too large for the format).
    public func encoded(as encoding: ImageEncoding, metadata: [String: String] = [:]) throws -> Data {
        let format = encoding.format
        guard (0...100).contains(encoding.quality) else {
            throw ImageError.invalidArgument("The quality must be 0 to 100, not \(encoding.quality).")
        }
        guard max(width, height) <= format.maxSide else {
            throw ImageError.encodingFailed(
                format: format.name, detail: "\(width) × \(height) pixels; a side has at most \(format.maxSide).")
        }
        try ImageMetadata.check(metadata, format: format)
        var picture = self
        if case .jpeg(_, let background) = encoding { picture = flattened(on: background) }
        do {
            let data = try picture.vipsEncoded(
                format: format, quality: max(1, encoding.quality), lossless: encoding == .webpLossless,
                xmp: format == .png ? Data() : XMP.packet(metadata))
            return format == .png ? PNGText.inserting(metadata, into: data) : data
        } catch let fault as VipsFault {
            throw ImageError.encodingFailed(format: format.name, detail: fault.text)
        }
    }

    /// Encodes and writes a file: beside its place first, then renamed, so that a reader never sees half of it.
    /// - Throws: `ImageError.unwritable`, and as `encoded(as:metadata:)`.
    public func write(to file: URL, as encoding: ImageEncoding, metadata: [String: String] = [:]) throws {
        try ImageFile.write(encoded(as: encoding, metadata: metadata), to: file)
    }
}

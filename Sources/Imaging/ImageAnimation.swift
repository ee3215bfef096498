import CVipsShim
import Foundation

/// Pictures shown one after the other.
public struct ImageAnimation: Hashable, Sendable {
    /// How an animation is written.
    public enum Format: String, CaseIterable, Sendable {
        /// All colours; `quality` as for pictures.
        case webp
        /// At most 256 colours a frame, dithered, and a pixel is either there or not.
        case gif

        var name: String { self == .webp ? "animated WebP" : "GIF" }
        public var fileExtension: String { rawValue }
        public var mediaType: String { "image/\(rawValue)" }

        var maxSide: Int { self == .webp ? ImageFormat.webp.maxSide : 65_535 }
    }

    public struct Frame: Hashable, Sendable {
        public var picture: ImageBuffer
        /// How long it is shown, in milliseconds. GIF counts in hundredths of a second.
        public var milliseconds: Int

        public init(_ picture: ImageBuffer, milliseconds: Int) {
            self.picture = picture
            self.milliseconds = milliseconds
        }
    }

    public var frames: [Frame]
    /// How often it is played; 0 for ever.
    public var loops: Int

    public init(_ frames: [Frame], loops: Int = 0) {
        self.frames = frames
        self.loops = loops
    }

    /// A series there and back again, the ends shown for longer, so that it goes on without a jump.
    public init(thereAndBack pictures: [ImageBuffer], milliseconds: Int = 120) {
        let back = pictures.dropFirst().dropLast().reversed()
        let ends = pictures.count > 1 ? [0, pictures.count - 1] : [0]
        self.init(
            (pictures + back).enumerated().map { index, picture in
                Frame(picture, milliseconds: ends.contains(index) ? 6 * milliseconds : milliseconds)
            })
    }

    /// The bytes of an animated picture's file.
    ///
    /// - Parameter quality: 0…100, 100 without loss; WebP only.
    /// - Throws: `ImageError.invalidArgument` for no frames, frames of different sizes, and delays, loops and a quality
    ///   that cannot be; `.encodingFailed` (too large for the format).
    public func encoded(as format: Format, quality: Int = 85) throws -> Data {
        try check(format, quality)
        guard let first = frames.first?.picture else { return Data() }
        let channels = frames.contains { $0.picture.hasAlpha } ? 4 : 3
        let samples = frames.flatMap { $0.picture.converted(channels: channels).samples }
        let delays = frames.map { Int32($0.milliseconds) }
        try VipsRuntime.start()
        let size = LimnVipsSize(width: Int32(first.width), height: Int32(first.height), channels: Int32(channels))
        var (fault, count) = (LimnVipsFault(), 0)
        let encoded = delays.withUnsafeBufferPointer { delays in
            let animation = LimnVipsAnimation(
                format: Int32(format == .gif ? LIMN_VIPS_GIF : LIMN_VIPS_WEBP), quality: Int32(max(1, quality)),
                lossless: quality == 100 ? 1 : 0, frames: Int32(frames.count), delays: delays.baseAddress,
                loops: Int32(loops))
            return limn_vips_encode_animation(samples, size, animation, &count, &fault)
        }
        guard let encoded else {
            throw ImageError.encodingFailed(format: format.name, detail: VipsFault(fault).text)
        }
        return Data(bytesNoCopy: encoded, count: count, deallocator: .custom { bytes, _ in limn_vips_free(bytes) })
    }

    /// Encodes and writes a file, beside its place first.
    /// - Throws: `ImageError.unwritable`, and as `encoded(as:quality:)`.
    public func write(to file: URL, as format: Format, quality: Int = 85) throws {
        try ImageFile.write(encoded(as: format, quality: quality), to: file)
    }

    private func check(_ format: Format, _ quality: Int) throws {
        guard let first = frames.first?.picture,
            frames.allSatisfy({ ($0.picture.width, $0.picture.height) == (first.width, first.height) })
        else {
            throw ImageError.invalidArgument("An animation has at least one frame, and all of one size.")
        }
        guard frames.allSatisfy({ (0...600_000).contains($0.milliseconds) }), (0...65_535).contains(loops) else {
            throw ImageError.invalidArgument(
                "A frame is shown for 0 to 600000 milliseconds, and an animation played 0 (for ever) to 65535 times.")
        }
        guard (0...100).contains(quality) else {
            throw ImageError.invalidArgument("The quality must be 0 to 100, not \(quality).")
        }
        let (pixels, overflow) = (first.width * first.height).multipliedReportingOverflow(by: frames.count)
        guard max(first.width, first.height) <= format.maxSide, !overflow, pixels <= 1 << 28 else {
            throw ImageError.encodingFailed(
                format: format.name,
                detail: "\(frames.count) frames of \(first.width) × \(first.height) pixels; a side has at most "
                    + "\(format.maxSide), and all frames together at most \(1 << 28) pixels.")
        }
    }
}

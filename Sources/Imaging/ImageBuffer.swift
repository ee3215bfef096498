/// A picture in memory: 8-bit samples, rows from the top without padding, channels interleaved.
///
/// Channels: 1 grey, 2 grey and alpha, 3 sRGB, 4 sRGB and alpha. Alpha is straight (not premultiplied), 255 opaque.
public struct ImageBuffer: Hashable, Sendable {
    public let width: Int
    public let height: Int
    public let channels: Int
    /// `width × height × channels` samples.
    public internal(set) var samples: [UInt8]

    /// - Throws: `ImageError.invalidArgument` if a size is below 1, `channels` is not 1…4, or the count of samples is another.
    public init(width: Int, height: Int, channels: Int, samples: [UInt8]) throws {
        try Self.check(width: width, height: height, channels: channels)
        guard samples.count == width * height * channels else {
            throw ImageError.invalidArgument(
                "A picture of \(width) × \(height) × \(channels) takes \(width * height * channels) samples, not \(samples.count)."
            )
        }
        self.init(unchecked: width, height, channels, samples)
    }

    /// A picture of one opaque colour.
    /// - Throws: `ImageError.invalidArgument` as above.
    public init(width: Int, height: Int, channels: Int = 3, color: Color) throws {
        try Self.check(width: width, height: height, channels: channels)
        let pixel = color.samples(channels: channels)
        self.init(unchecked: width, height, channels, count: width * height * channels) { samples in
            for index in samples.indices { samples[index] = pixel[index % channels] }
        }
    }

    init(unchecked width: Int, _ height: Int, _ channels: Int, _ samples: [UInt8]) {
        self.width = width
        self.height = height
        self.channels = channels
        self.samples = samples
    }

    /// `fill` must write every sample.
    init(
        unchecked width: Int, _ height: Int, _ channels: Int, count: Int,
        fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void
    ) rethrows {
        let samples = try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            filled = count
        }
        self.init(unchecked: width, height, channels, samples)
    }

    /// Refuses sizes that are not positive, and those whose product would overflow.
    static func check(width: Int, height: Int, channels: Int) throws {
        let (area, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, area <= Int.max / 16, (1...4).contains(channels) else {
            throw ImageError.invalidArgument(
                "A picture has at least 1 × 1 pixels and 1 to 4 channels, not \(width) × \(height) × \(channels).")
        }
    }

    public var hasAlpha: Bool { channels.isMultiple(of: 2) }

    /// The channels that are not alpha: 1 or 3.
    public var colorChannels: Int { channels < 3 ? 1 : 3 }

    /// The samples of one pixel. `x` and `y` must lie inside the picture.
    public subscript(x: Int, y: Int) -> ArraySlice<UInt8> {
        precondition(x >= 0 && x < width && y >= 0 && y < height, "pixel (\(x), \(y)) is outside \(width) × \(height)")
        let start = (y * width + x) * channels
        return samples[start..<start + channels]
    }
}

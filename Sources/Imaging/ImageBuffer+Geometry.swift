extension ImageBuffer {
    /// The part that starts at (`x`, `y`).
    /// - Throws: `ImageError.invalidArgument` if it is empty or reaches outside the picture.
    public func cropped(x: Int, y: Int, width: Int, height: Int) throws -> ImageBuffer {
        try Self.check(width: width, height: height, channels: channels)
        guard x >= 0, y >= 0, x <= self.width - width, y <= self.height - height else {
            throw ImageError.invalidArgument(
                "The part \(width) × \(height) at (\(x), \(y)) reaches outside the picture of \(self.width) × \(self.height)."
            )
        }
        var part: [UInt8] = []
        part.reserveCapacity(width * height * channels)
        for row in y..<y + height {
            let start = (row * self.width + x) * channels
            part += samples[start..<start + width * channels]
        }
        return ImageBuffer(unchecked: width, height, channels, part)
    }

    /// Replaces what lies under `other`, whose upper left corner comes to (`x`, `y`), alpha included. What falls outside is dropped.
    /// `other` takes on this picture's channels.
    public mutating func paste(_ other: ImageBuffer, x: Int, y: Int) {
        guard x < width, y < height else { return }
        let left = max(x, 0), right = min(width, x + other.width)
        let top = max(y, 0), bottom = min(height, y + other.height)
        guard left < right, top < bottom else { return }
        let source = other.converted(channels: channels)
        let count = (right - left) * channels
        for row in top..<bottom {
            let from = ((row - y) * source.width + left - x) * channels
            let to = (row * width + left) * channels
            samples.replaceSubrange(to..<to + count, with: source.samples[from..<from + count])
        }
    }
}

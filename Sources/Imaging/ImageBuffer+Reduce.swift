extension ImageBuffer {
    /// The picture at another size, byte for byte as `Image.resize(…, reducing_gap=1)` of Pillow computes it: whole
    /// factors first, by the means of blocks, and then the rest.
    /// - Throws: `ImageError.invalidArgument` if a size is below 1.
    public func reducedAndResized(
        width newWidth: Int, height newHeight: Int, filter: ResizeFilter = .bicubic
    ) throws -> ImageBuffer {
        guard newWidth > 0, newHeight > 0 else { return try resized(width: newWidth, height: newHeight) }
        let (across, down) = (max(1, width / newWidth), max(1, height / newHeight))
        guard across > 1 || down > 1 else { return try resized(width: newWidth, height: newHeight, filter: filter) }
        let box = Box(width: Double(width) / Double(across), height: Double(height) / Double(down))
        return reduced(across: across, down: down)
            .resampled(from: box, width: newWidth, height: newHeight, filter: filter)
    }

    /// Means of blocks, those at the far edges of what is there of them (Pillow's libImaging/Reduce.c).
    private func reduced(across: Int, down: Int) -> ImageBuffer {
        let (columns, rows) = ((width + across - 1) / across, (height + down - 1) / down)
        var result: [UInt8] = []
        result.reserveCapacity(columns * rows * channels)
        for row in 0..<rows {
            let lines = row * down..<min(height, (row + 1) * down)
            for column in 0..<columns {
                let places = column * across..<min(width, (column + 1) * across)
                let count = UInt64(lines.count * places.count)
                for channel in 0..<channels {
                    var sum = count / 2
                    for y in lines {
                        for x in places { sum += UInt64(samples[(y * width + x) * channels + channel]) }
                    }
                    // Divided as Pillow does, by a reciprocal in 32 bits.
                    result.append(UInt8(truncatingIfNeeded: (sum * ((1 << 32) / (count << 8))) >> 24))
                }
            }
        }
        return ImageBuffer(unchecked: columns, rows, channels, result)
    }
}

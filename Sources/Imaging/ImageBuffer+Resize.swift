extension ImageBuffer.Box {
    /// All of a picture.
    fileprivate init(_ picture: ImageBuffer) {
        self.init(width: Double(picture.width), height: Double(picture.height))
    }
}

extension ImageBuffer {
    /// The picture at another size, byte for byte as `Image.resize` of Pillow 13 computes it.
    ///
    /// One direction after the other, each in fixed point and rounded to 8 bits. Colour is weighted by alpha.
    /// - Throws: `ImageError.invalidArgument` if a size is below 1.
    public func resized(width newWidth: Int, height newHeight: Int, filter: ResizeFilter = .bicubic) throws
        -> ImageBuffer
    {
        try Self.check(width: newWidth, height: newHeight, channels: channels)
        if newWidth == width, newHeight == height { return self }
        if filter == .nearest { return nearest(newWidth, newHeight) }
        return resampled(from: Box(self), width: newWidth, height: newHeight, filter: filter)
    }

    /// A part of a picture between its pixels. It may reach past the edges by less than a new pixel.
    struct Box {
        var x = 0.0
        var y = 0.0
        var width: Double
        var height: Double
    }

    /// A part of the picture at another size. Sizes are at least 1, and the filter is not `nearest`.
    func resampled(from box: Box, width newWidth: Int, height newHeight: Int, filter: ResizeFilter) -> ImageBuffer {
        let rows = ResizeKernel(from: width, start: box.x, extent: box.width, to: newWidth, filter: filter)
        let columns = ResizeKernel(from: height, start: box.y, extent: box.height, to: newHeight, filter: filter)
        let colors = premultiplied()
        let resized =
            columnsFirst(newWidth, newHeight)
            ? colors.filteredColumns(columns).filteredRows(rows) : colors.filteredRows(rows).filteredColumns(columns)
        return resized.unpremultiplied()
    }

    /// Pillow goes along the rows first, unless the height loses more than twice the pixels that the width loses
    /// (since 13.0; before, always). The order shows in the rounding.
    private func columnsFirst(_ newWidth: Int, _ newHeight: Int) -> Bool {
        newHeight < height && height - newHeight > 2 * (width - newWidth)
    }

    private func filteredRows(_ kernel: ResizeKernel) -> ImageBuffer {
        if kernel.isIdentity { return self }
        let newWidth = kernel.first.count
        return filtered(newWidth, height, kernel) { source, target, weights in
            for y in 0..<height {
                let row = source + y * width * channels
                var out = target + y * newWidth * channels
                for x in 0..<newWidth {
                    let pixels = row + kernel.first[x] * channels
                    for channel in 0..<channels {
                        out[channel] = Self.weighted(
                            pixels + channel, step: channels, weights + x * kernel.stride, kernel.count[x])
                    }
                    out += channels
                }
            }
        }
    }

    private func filteredColumns(_ kernel: ResizeKernel) -> ImageBuffer {
        if kernel.isIdentity { return self }
        let newHeight = kernel.first.count
        let row = width * channels
        return filtered(width, newHeight, kernel) { source, target, weights in
            for y in 0..<newHeight {
                let pixels = source + kernel.first[y] * row
                for x in 0..<row {
                    target[y * row + x] = Self.weighted(
                        pixels + x, step: row, weights + y * kernel.stride, kernel.count[y])
                }
            }
        }
    }

    /// Σ weight · sample, rounded and clipped to 8 bits.
    @inline(__always)
    private static func weighted(
        _ samples: UnsafePointer<UInt8>, step: Int, _ weights: UnsafePointer<Int32>, _ count: Int
    ) -> UInt8 {
        var sum: Int32 = 1 << (ResizeKernel.precision - 1)
        for index in 0..<count { sum &+= Int32(samples[index &* step]) &* weights[index] }
        return UInt8(clamping: sum >> Int32(ResizeKernel.precision))
    }

    private func filtered(
        _ newWidth: Int, _ newHeight: Int, _ kernel: ResizeKernel,
        _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>, UnsafePointer<Int32>) -> Void
    ) -> ImageBuffer {
        ImageBuffer(unchecked: newWidth, newHeight, channels, count: newWidth * newHeight * channels) { target in
            samples.withUnsafeBufferPointer { source in
                kernel.weights.withUnsafeBufferPointer { weights in
                    guard let source = source.baseAddress, let target = target.baseAddress,
                        let weights = weights.baseAddress
                    else { return }
                    body(source, target, weights)
                }
            }
        }
    }

    private func nearest(_ newWidth: Int, _ newHeight: Int) -> ImageBuffer {
        let columns = Self.nearestIndices(from: width, to: newWidth)
        let rows = Self.nearestIndices(from: height, to: newHeight)
        var result: [UInt8] = []
        result.reserveCapacity(newWidth * newHeight * channels)
        for row in rows {
            for column in columns {
                let start = (row * width + column) * channels
                result += samples[start..<start + channels]
            }
        }
        return ImageBuffer(unchecked: newWidth, newHeight, channels, result)
    }

    /// The input that holds each output pixel's centre. The position is summed, as Pillow does, so that rounding falls alike.
    private static func nearestIndices(from input: Int, to output: Int) -> [Int] {
        let scale = Double(input) / Double(output)
        var position = scale * 0.5
        return (0..<output).map { _ in
            defer { position += scale }
            return min(Int(position), input - 1)
        }
    }
}

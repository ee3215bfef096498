extension ImageBuffer {
    /// The same picture with `channels` channels (1…4): grey becomes equal red, green and blue; colour becomes BT.601 luma;
    /// a missing alpha is opaque; an alpha that is not wanted is dropped (see `flattened(on:)` for blending).
    public func converted(channels wanted: Int) -> ImageBuffer {
        precondition((1...4).contains(wanted), "channels are 1…4")
        if wanted == channels { return self }
        return mapPixels(to: wanted) { pixel, out in
            if wanted < 3 {
                out[0] = channels < 3 ? pixel[0] : Color(red: pixel[0], green: pixel[1], blue: pixel[2]).luma
            } else {
                for channel in 0..<3 { out[channel] = pixel[channels < 3 ? 0 : channel] }
            }
            if wanted.isMultiple(of: 2) { out[wanted - 1] = hasAlpha ? pixel[channels - 1] : 255 }
        }
    }

    /// Blended over an opaque colour, without alpha. A picture without alpha is returned as it is.
    ///
    /// Rounds as Pillow's `alpha_composite` over an opaque background.
    public func flattened(on background: Color) -> ImageBuffer {
        guard hasAlpha else { return self }
        let under = background.samples(channels: colorChannels)
        return mapPixels(to: colorChannels) { pixel, out in
            let alpha = Int(pixel[channels - 1])
            for channel in 0..<colorChannels {
                let blend = (Int(pixel[channel]) * alpha + Int(under[channel]) * (255 - alpha) + 128) << 7
                out[channel] = UInt8((((blend >> 8) + blend) >> 8) >> 7)
            }
        }
    }

    /// Alpha as a grey picture; nil if there is none.
    public var alphaPlane: ImageBuffer? {
        guard hasAlpha else { return nil }
        return mapPixels(to: 1) { pixel, out in out[0] = pixel[channels - 1] }
    }

    /// With this alpha (a grey picture of the same size) in place of its own.
    /// - Throws: `ImageError.invalidArgument` if the sizes differ or `alpha` is not grey.
    public func withAlpha(_ alpha: ImageBuffer) throws -> ImageBuffer {
        guard alpha.channels == 1, alpha.width == width, alpha.height == height else {
            throw ImageError.invalidArgument(
                "The alpha must be a grey picture of \(width) × \(height), not \(alpha.width) × \(alpha.height) × \(alpha.channels)."
            )
        }
        var result = converted(channels: colorChannels + 1)
        for pixel in 0..<width * height { result.samples[(pixel + 1) * result.channels - 1] = alpha.samples[pixel] }
        return result
    }

    /// Colour multiplied by alpha, rounded; alpha unchanged.
    func premultiplied() -> ImageBuffer {
        guard hasAlpha else { return self }
        return mapPixels(to: channels) { pixel, out in
            let alpha = Int(pixel[channels - 1])
            for channel in 0..<channels - 1 {
                let product = Int(pixel[channel]) * alpha + 128
                out[channel] = UInt8(((product >> 8) + product) >> 8)
            }
            out[channels - 1] = pixel[channels - 1]
        }
    }

    /// The inverse of `premultiplied()`, truncated; colour under zero alpha stays as it is.
    func unpremultiplied() -> ImageBuffer {
        guard hasAlpha else { return self }
        return mapPixels(to: channels) { pixel, out in
            let alpha = Int(pixel[channels - 1])
            for channel in 0..<channels - 1 {
                out[channel] = alpha == 0 ? pixel[channel] : UInt8(min(255, 255 * Int(pixel[channel]) / alpha))
            }
            out[channels - 1] = pixel[channels - 1]
        }
    }

    /// A picture of the same size, pixel by pixel. `body` gets the samples of one pixel and writes those of the other.
    private func mapPixels(
        to outChannels: Int, _ body: (UnsafePointer<UInt8>, UnsafeMutablePointer<UInt8>) -> Void
    ) -> ImageBuffer {
        let count = width * height
        return samples.withUnsafeBufferPointer { source in
            ImageBuffer(unchecked: width, height, outChannels, count: count * outChannels) { target in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                for pixel in 0..<count { body(from + pixel * channels, to + pixel * outChannels) }
            }
        }
    }
}

/// Fills what is unknown of a picture, so that a model begins with something that goes on from what is known: near the
/// edge the nearest known pixel, farther away what a pyramid blurs from all of them, with a grain.
struct UnknownFill {
    /// Of the grain, and so of everything in the filling that is not decided by the picture.
    var seed: UInt64
    /// The largest grain, in levels of 255.
    var grain: Float = 12

    /// - Parameters:
    ///   - picture: 3 channels.
    ///   - weights: one for each pixel: 1 known, 0 unknown, between them known in part.
    /// - Returns: the picture with every pixel of a weight below 1 filled; mid-grey with grain where nothing is known.
    func filled(_ picture: ImageBuffer, weights: [Float]) -> ImageBuffer {
        let (width, height) = (picture.width, picture.height)
        guard weights.contains(where: { $0 < 1 }) else { return picture }
        let values =
            weights.contains { $0 > 0 } ? picture.samples.map(Float.init) : picture.samples.map { _ in 127.5 }
        let blurred =
            weights.contains { $0 > 0 }
            ? PushPull.filled(values, weights: weights, width: width, height: height, channels: 3) : values
        let edge = DistanceMap(to: weights.map { $0 == 1 }, width: width, height: height)
        // Past this distance nothing is left of the edge itself.
        let reach = max(4, Float(max(width, height)) / 8)
        var random = SplitMix64(state: seed)
        var samples = picture.samples
        for pixel in weights.indices where weights[pixel] < 1 {
            let far = min(1, edge[pixel] / reach)
            let noise = far * grain * (random.unit() + random.unit() - 1)
            for channel in 0..<3 {
                let near =
                    edge.nearest[pixel] < 0
                    ? blurred[pixel * 3 + channel] : values[Int(edge.nearest[pixel]) * 3 + channel]
                let filling = near + far * (blurred[pixel * 3 + channel] - near)
                let known = weights[pixel] * values[pixel * 3 + channel]
                samples[pixel * 3 + channel] = (known + (1 - weights[pixel]) * (filling + noise)).sample
            }
        }
        return ImageBuffer(unchecked: width, height, 3, samples)
    }
}

/// A small generator whose numbers are the same everywhere (Steele et al. 2014).
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< 1.
    mutating func unit() -> Float { Float(next() >> 40) / Float(1 << 24) }
}

extension Float {
    /// Rounded to 8 bits.
    var sample: UInt8 { UInt8(Swift.min(255, Swift.max(0, self)).rounded()) }
}

/// What brings a painted frame's colours to those of the known picture: a gain and an offset for each channel.
struct ColourMatch: Hashable, Sendable {
    static let gains: ClosedRange<Float> = 0.8...1.25
    /// In levels of 255.
    static let offsets: ClosedRange<Float> = -32...32
    /// Too few pixels say nothing about the others.
    static let leastPixels = 16

    private(set) var gain: [Float] = [1, 1, 1]
    private(set) var offset: [Float] = [0, 0, 0]

    static let none = ColourMatch()

    private init() {}

    /// Fits known = gain · painted + offset over some pixels, by least squares with Tukey's biweights, which leave
    /// out what is far off.
    ///
    /// Where the pixels have hardly any contrast, the gain stays near 1. Both are clamped to `gains` and `offsets`.
    /// - Parameters:
    ///   - painted, known: pictures of one size, 3 channels.
    ///   - pixels: the indices of those that count.
    init(_ painted: ImageBuffer, to known: ImageBuffer, over pixels: [Int]) {
        guard pixels.count >= Self.leastPixels else { return }
        for channel in 0..<3 {
            let pairs = pixels.map {
                (Float(painted.samples[$0 * 3 + channel]), Float(known.samples[$0 * 3 + channel]))
            }
            (gain[channel], offset[channel]) = Self.fit(pairs)
        }
    }

    func applied(to painted: ImageBuffer) -> [Float] {
        painted.samples.indices.map { Float(painted.samples[$0]) * gain[$0 % 3] + offset[$0 % 3] }
    }

    private static func fit(_ pairs: [(painted: Float, known: Float)]) -> (gain: Float, offset: Float) {
        // From the median difference, so that outliers have no say in the beginning either.
        var (gain, offset): (Float, Float) = (1, median(pairs.map { $0.known - $0.painted }))
        for _ in 0..<8 {
            let residuals = pairs.map { abs($0.known - gain * $0.painted - offset) }
            let cut = 4.685 * max(1, 1.4826 * median(residuals))
            let weights = residuals.map { residual -> Float in
                let inside = max(0, 1 - (residual / cut) * (residual / cut))
                return inside * inside
            }
            (gain, offset) = weightedFit(pairs, weights)
        }
        return (gain, offset)
    }

    private static func median(_ values: [Float]) -> Float { values.sorted()[values.count / 2] }

    private static func weightedFit(
        _ pairs: [(painted: Float, known: Float)], _ weights: [Float]
    ) -> (gain: Float, offset: Float) {
        var (sum, painted, known) = (0.0, 0.0, 0.0)
        for (pair, weight) in zip(pairs, weights) {
            sum += Double(weight)
            painted += Double(weight * pair.painted)
            known += Double(weight * pair.known)
        }
        (painted, known) = (painted / sum, known / sum)
        var (variance, covariance) = (0.0, 0.0)
        for (pair, weight) in zip(pairs, weights) {
            let deviation = Double(pair.painted) - painted
            variance += Double(weight) * deviation * deviation
            covariance += Double(weight) * deviation * (Double(pair.known) - known)
        }
        // A ridge towards a gain of 1, worth a standard deviation of 8 levels.
        let ridge = 64 * sum
        let gain = Float((covariance + ridge) / (variance + ridge)).clamped(to: gains)
        return (gain, Float(known - Double(gain) * painted).clamped(to: offsets))
    }
}

extension Comparable {
    func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}

/// Smooth values where there are none, from a pyramid: averages of what is known go up, and what is unknown takes what
/// comes down (Gortler et al. 1996, "The Lumigraph", section 3.4).
struct PushPull {
    let width: Int
    let height: Int
    let channels: Int
    /// Channels interleaved.
    private(set) var values: [Float]
    /// How much of a value is known, 0…1.
    private var weights: [Float]

    /// - Parameters:
    ///   - values: `width` × `height` × `channels`, channels interleaved; what has no weight is never read.
    ///   - weights: `width` × `height`, 0…1.
    static func filled(
        _ values: [Float], weights: [Float], width: Int, height: Int, channels: Int
    ) -> [Float] {
        var levels = [
            PushPull(width: width, height: height, channels: channels, values: values, weights: weights)
        ]
        while let last = levels.last, last.width > 1 || last.height > 1 { levels.append(last.pushed) }
        guard var coarse = levels.popLast() else { return values }
        while var level = levels.popLast() {
            level.pull(from: coarse)
            coarse = level
        }
        return coarse.values
    }

    /// The next level: of every 2 × 2 the weighted mean.
    private var pushed: PushPull {
        let (across, down) = ((width + 1) / 2, (height + 1) / 2)
        var sums = [Float](repeating: 0, count: across * down * channels)
        var totals = [Float](repeating: 0, count: across * down)
        for y in 0..<height {
            for x in 0..<width where weights[y * width + x] > 0 {
                let (from, to) = (y * width + x, y / 2 * across + x / 2)
                totals[to] += weights[from]
                for channel in 0..<channels {
                    sums[to * channels + channel] += weights[from] * values[from * channels + channel]
                }
            }
        }
        for cell in totals.indices where totals[cell] > 0 {
            for channel in 0..<channels { sums[cell * channels + channel] /= totals[cell] }
            totals[cell] = min(1, totals[cell])
        }
        return PushPull(width: across, height: down, channels: channels, values: sums, weights: totals)
    }

    /// Fills up with the coarser level, interpolated between its cells' middles.
    private mutating func pull(from coarse: PushPull) {
        for y in 0..<height {
            let rows = Self.neighbours(y, count: coarse.height)
            for x in 0..<width where weights[y * width + x] < 1 {
                let columns = Self.neighbours(x, count: coarse.width)
                let (place, weight) = (y * width + x, weights[y * width + x])
                for channel in 0..<channels {
                    func value(_ row: Int, _ column: Int) -> Float {
                        coarse.values[(row * coarse.width + column) * channels + channel]
                    }
                    let above = 0.75 * value(rows.near, columns.near) + 0.25 * value(rows.near, columns.far)
                    let below = 0.75 * value(rows.far, columns.near) + 0.25 * value(rows.far, columns.far)
                    let index = place * channels + channel
                    let filling = 0.75 * above + 0.25 * below
                    values[index] = weight > 0 ? weight * values[index] + (1 - weight) * filling : filling
                }
            }
        }
    }

    /// The coarse cell around a fine one, and the next one to its side.
    private static func neighbours(_ fine: Int, count: Int) -> (near: Int, far: Int) {
        let near = fine / 2
        return (near, min(max(near + (fine.isMultiple(of: 2) ? -1 : 1), 0), count - 1))
    }
}

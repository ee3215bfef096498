import Scenes

/// A figure, and the range in which 95 % of its resamples lie.
public struct Estimate: Codable, Sendable, Equatable {
    public var value: Double
    public var low: Double
    public var high: Double

    public init(value: Double, low: Double, high: Double) {
        self.value = value
        self.low = low
        self.high = high
    }
}

/// The percentile bootstrap (Efron 1979): how much a figure would change had other items been drawn.
public enum Bootstrap {
    /// The figure of `count` items and its 95 % interval.
    ///
    /// - Parameter statistic: the figure where each item counts as often as its weight says; the weights are whole
    ///   numbers that add up to `count`.
    /// - Returns: nil without items.
    public static func estimate(
        count: Int, replicates: Int = 1000, seed: UInt64 = 1, statistic: (_ weights: [Double]) -> Double
    ) -> Estimate? {
        guard count > 0 else { return nil }
        var random = Randomness(seed: seed, UInt64(count))
        var values = (0..<replicates).map { _ in
            var weights = [Double](repeating: 0, count: count)
            for _ in 0..<count { weights[Int.random(in: 0..<count, using: &random)] += 1 }
            return statistic(weights)
        }
        values.sort()
        let end = { (share: Double) in values[Int((share * Double(replicates - 1)).rounded())] }
        return Estimate(
            value: statistic([Double](repeating: 1, count: count)), low: end(0.025), high: end(0.975))
    }

    /// The mean; nil without values.
    public static func mean(_ values: [Double], seed: UInt64 = 1) -> Estimate? {
        estimate(count: values.count, seed: seed) { weights in
            zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / Double(values.count)
        }
    }

    /// The value below which the given share lies; nil without values.
    public static func quantile(_ share: Double, of values: [Double], seed: UInt64 = 1) -> Estimate? {
        let order = values.indices.sorted { values[$0] < values[$1] }
        return estimate(count: values.count, seed: seed) { weights in
            var passed = 0.0
            for index in order {
                passed += weights[index]
                if passed > share * Double(values.count) { return values[index] }
            }
            return order.last.map { values[$0] } ?? .nan
        }
    }
}

extension Estimate {
    func scaled(by factor: Double) -> Estimate {
        Estimate(value: value * factor, low: low * factor, high: high * factor)
    }
}

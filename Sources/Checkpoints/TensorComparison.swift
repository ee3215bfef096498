import Foundation
import Torch

/// How far a computed tensor is from a recorded one.
public struct TensorComparison: Sendable, Equatable {
    /// The largest absolute difference; infinite where one of the two has a NaN that the other has not.
    public let largestError: Double
    /// The largest absolute value of the recorded tensor.
    public let absoluteMaximum: Double
    /// The mean of the squared differences.
    public let meanSquaredError: Double
    /// Where the largest difference is, in row-major order; nil where there is no difference.
    public let position: Int?

    /// The largest error in parts of the recorded tensor's absolute maximum.
    public var relativeError: Double {
        largestError == 0 ? 0 : absoluteMaximum > 0 ? largestError / absoluteMaximum : .infinity
    }

    /// The shapes differ, so there is nothing to compare.
    public struct ShapeMismatch: Error, Equatable, Sendable, CustomStringConvertible {
        public let expected: [Int]
        public let found: [Int]
        public var description: String { "expected the shape \(expected), found \(found)" }
    }

    /// - Throws: `ShapeMismatch`, or the first `TorchError` of the operations that led to either tensor.
    public init(_ tensor: Tensor, recorded: Tensor) throws {
        let (found, expected) = (try tensor.doubles(), try recorded.doubles())
        guard tensor.shape == recorded.shape else {
            throw ShapeMismatch(expected: recorded.shape, found: tensor.shape)
        }
        self.init(found, recorded: expected)
    }

    /// Compares values in pairs.
    public init(_ values: [Double], recorded: [Double]) {
        var (largest, maximum, squares, position) = (0.0, 0.0, 0.0, Int?.none)
        for (index, (value, expected)) in zip(values, recorded).enumerated() {
            if expected.isFinite { maximum = max(maximum, abs(expected)) }
            let same = value == expected || (value.isNaN && expected.isNaN)
            let difference = same ? 0 : abs(value - expected)
            let error = difference.isNaN ? .infinity : difference
            squares += error * error
            if error > largest { (largest, position) = (error, index) }
        }
        largestError = largest
        absoluteMaximum = maximum
        meanSquaredError = recorded.isEmpty ? 0 : squares / Double(recorded.count)
        self.position = position
    }

    /// Peak signal-to-noise ratio in decibels for values whose range is `peak`; infinite for equal tensors.
    public func peakSignalToNoiseRatio(peak: Double) -> Double {
        meanSquaredError == 0 ? .infinity : 10 * log10(peak * peak / meanSquaredError)
    }
}

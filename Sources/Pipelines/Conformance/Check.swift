import Checkpoints
import Torch

/// One recorded value beside the one that was computed for it.
public struct Check: Codable, Hashable, Sendable {
    /// How the computed value came about.
    public enum Mode: String, Codable, Sendable {
        /// From the recorded inputs of its step: an error is this step's own.
        case forced
        /// From what the steps before it computed: errors add up.
        case chained
    }

    /// What decides whether the value is right.
    public enum Gate: Codable, Hashable, Sendable {
        /// Every element is equal.
        case equal
        /// The largest error is at most this share of the recorded value's absolute maximum.
        case relative(Double)
        /// The root of the mean squared error is at most this share of the recorded value's absolute maximum: for what
        /// comes out of a network and a step together. At high noise a step multiplies the network's rounding by
        /// thousands before it clips, so that single pixels may differ where nothing is wrong.
        case rootMeanSquare(Double)
        /// The peak signal-to-noise ratio, in dB for a peak of 1, is at least this.
        case psnr(Double)
        /// None: the value is shown for finding the first difference.
        case shown
    }

    public var name: String
    public var mode: Mode
    public var shape: [Int]
    public var gate: Gate
    /// The largest difference; infinite for NaN.
    public var largestError = Double.infinity
    /// The largest difference as a share of the recorded value's absolute maximum.
    public var relativeError = Double.infinity
    /// The root of the mean squared error as a share of the recorded value's absolute maximum.
    public var rootMeanSquare = Double.infinity
    /// In dB for a peak of 1, where that is the gate; infinite where nothing differs.
    public var psnr: Double?
    /// Why the values could not be compared at all.
    public var fault: String?

    public var passed: Bool {
        guard fault == nil else { return false }
        return switch gate {
        case .equal: largestError == 0
        case .relative(let tolerance): relativeError <= tolerance
        case .rootMeanSquare(let tolerance): rootMeanSquare <= tolerance
        case .psnr(let least): (psnr ?? 0) >= least
        case .shown: true
        }
    }

    /// - Throws: the first `TorchError` of the operations that led to the computed tensor.
    init(_ name: String, _ mode: Mode, _ computed: Tensor, recorded: Tensor, gate: Gate) throws {
        (self.name, self.mode, self.gate) = (name, mode, gate)
        shape = recorded.shape
        do {
            take(try TensorComparison(computed, recorded: recorded))
        } catch let mismatch as TensorComparison.ShapeMismatch {
            fault = "\(mismatch)"
        }
    }

    /// Compares token ids.
    init(_ name: String, _ computed: [Int32], recorded: [Int32]) {
        (self.name, mode, gate) = (name, .forced, .equal)
        shape = [recorded.count]
        if computed.count == recorded.count {
            take(TensorComparison(computed.map(Double.init), recorded: recorded.map(Double.init)))
        } else {
            fault = "\(computed.count) tokens, expected \(recorded.count)"
        }
    }

    private mutating func take(_ comparison: TensorComparison) {
        largestError = comparison.largestError
        relativeError = comparison.relativeError
        rootMeanSquare =
            comparison.meanSquaredError.squareRoot() / max(comparison.absoluteMaximum, .leastNormalMagnitude)
        if case .psnr = gate { psnr = comparison.peakSignalToNoiseRatio(peak: 1) }
    }
}

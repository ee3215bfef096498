import Checkpoints
import Testing
import Torch

/// Expects a tensor to be equal to a recorded one up to `tolerance` times the recorded one's absolute maximum.
/// Whole numbers and Booleans must be equal.
public func expectClose(
    _ tensor: Tensor, _ golden: Tensor, relativeToAbsMax tolerance: Double = 1e-4,
    _ what: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
    do {
        let comparison = try TensorComparison(tensor, recorded: golden)
        let error = comparison.relativeError
        #expect(
            error <= (golden.dtype.isFloatingPoint ? tolerance : 0),
            """
            \(what()): off by \(comparison.largestError) at \(comparison.position ?? 0), \(error) of the absolute \
            maximum \(comparison.absoluteMaximum)
            """, sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(what()): \(error)", sourceLocation: sourceLocation)
    }
}

/// Peak signal-to-noise ratio of two tensors in decibels; `peak` is the range of their values: 1, 2 or 255.
public func psnr(_ tensor: Tensor, _ golden: Tensor, peak: Double) throws -> Double {
    try TensorComparison(tensor, recorded: golden).peakSignalToNoiseRatio(peak: peak)
}

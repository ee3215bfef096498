import Testing
import Torch

@testable import Checkpoints

struct TensorComparisonTests {
    @Test func measuresTheLargestError() {
        let comparison = TensorComparison([1, 2, -3.5], recorded: [1, 2, -4])
        #expect(comparison.largestError == 0.5)
        #expect(comparison.relativeError == 0.125)
        #expect(comparison.position == 2)
        #expect(abs(comparison.peakSignalToNoiseRatio(peak: 1) - 10.7918) < 1e-4)
    }

    @Test func takesNaNAndInfinityForWhatTheyAre() {
        #expect(TensorComparison([.nan, 1], recorded: [.nan, 1]).relativeError == 0)
        #expect(TensorComparison([.nan], recorded: [1]).relativeError == .infinity)
        #expect(TensorComparison([1], recorded: [.nan]).relativeError == .infinity)
        #expect(TensorComparison([.infinity], recorded: [.infinity]).relativeError == 0)
        #expect(TensorComparison([1e-9], recorded: [0]).relativeError == .infinity)
        #expect(TensorComparison([], recorded: []).peakSignalToNoiseRatio(peak: 1) == .infinity)
    }

    @Test func refusesOtherShapes() {
        #expect(throws: TensorComparison.ShapeMismatch(expected: [2], found: [1, 2])) {
            try TensorComparison(Tensor([1, 2], shape: [1, 2]), recorded: Tensor([1, 2]))
        }
    }
}

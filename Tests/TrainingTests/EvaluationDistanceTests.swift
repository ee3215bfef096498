import Testing
import Torch

@testable import Training

struct EvaluationDistanceTests {
    private func gaussian(_ count: Int, shift: Double, seed: UInt64) -> Tensor {
        .randn([count, 12], generator: Generator(seed: seed)) + shift
    }

    @Test func kernelDistanceOfOneDistributionIsZero() throws {
        var total = 0.0
        for seed in 1...8 as ClosedRange<UInt64> {
            let same = try #require(
                try KernelDistance.estimate(
                    gaussian(80, shift: 0.3, seed: seed), against: gaussian(160, shift: 0.3, seed: seed + 100)))
            #expect(same.low < 0.02 && same.high > -0.02 && same.low < same.high)
            total += same.value / 8
        }
        #expect(abs(total) < 0.02)
        let apart = try #require(
            try KernelDistance.estimate(gaussian(80, shift: 0.3, seed: 1), against: gaussian(160, shift: -0.3, seed: 2))
        )
        #expect(apart.low > 0.3)
        #expect(
            try KernelDistance.estimate(gaussian(1, shift: 0, seed: 1), against: gaussian(5, shift: 0, seed: 2)) == nil)
    }

    /// By the formula, pair by pair.
    @Test func kernelDistanceIsTheUnbiasedEstimate() throws {
        let x: [[Double]] = [[1, 0], [0, 1], [0.6, 0.8]]
        let y: [[Double]] = [[0.8, 0.6], [-1, 0]]
        func kernel(_ a: [Double], _ b: [Double]) -> Double {
            let sum = a[0] * b[0] + a[1] * b[1] + 1
            return sum * sum * sum
        }
        var expected = 0.0
        for i in 0..<3 { for j in 0..<3 where i != j { expected += kernel(x[i], x[j]) / 6 } }
        for i in 0..<2 { for j in 0..<2 where i != j { expected += kernel(y[i], y[j]) / 2 } }
        for a in x { for b in y { expected -= 2 * kernel(a, b) / 6 } }
        let estimate = try KernelDistance.estimate(
            Tensor(x.flatMap { $0 }, shape: [3, 2]), against: Tensor(y.flatMap { $0 }, shape: [2, 2]))
        #expect(abs(try #require(estimate).value - expected) < 1e-12)
    }

    @Test func nearestPicturesAreFound() throws {
        let pictures = Tensor.rand([700, 3, 4, 4], generator: Generator(seed: 3)) * 2 - 1
        let queries = Tensor.cat(
            [pictures.narrow(dim: 0, start: 650, length: 1), pictures.narrow(dim: 0, start: 7, length: 1) + 0.02],
            dim: 0)
        let found = try NearestNeighbours(pixels: queries, among: 700) { places in
            pictures.narrow(dim: 0, start: places.lowerBound, length: places.count)
        }
        #expect(found.indices == [650, 7])
        #expect(found.distances[0] < 1e-3 && abs(found.distances[1] - 0.01) < 1e-4)
    }

    @Test func nearestEmbeddingsAreFound() throws {
        let others = Tensor([1, 0, 0, 1, 0.6, 0.8] as [Float], shape: [3, 2])
        let found = try NearestNeighbours(embeddings: Tensor([0, 5, 3, 4] as [Float], shape: [2, 2]), among: others)
        #expect(found.indices == [1, 2])
        #expect(found.distances.allSatisfy { $0 < 1e-6 })
    }
}

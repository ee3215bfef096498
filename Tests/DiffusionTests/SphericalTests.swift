import Foundation
import Testing
import Torch

@testable import Diffusion

struct SphericalTests {
    private func rows(_ values: [[Float]]) -> Tensor {
        Tensor(values.flatMap { $0 }, shape: [values.count, values[0].count])
    }

    @Test(arguments: [0, 0.25, 0.5, 1])
    func goesAlongTheGreatCircle(share: Double) throws {
        let result = try Spherical.slerp(rows([[1, 0]]), rows([[0, 1]]), shares: [share]).doubles()
        #expect(abs(result[0] - cos(share * .pi / 2)) < 1e-6 && abs(result[1] - sin(share * .pi / 2)) < 1e-6)
    }

    @Test func lengthsGoFromOneToTheOther() throws {
        let result = try Spherical.slerp(rows([[2, 0], [2, 0]]), rows([[0, 4], [6, 0]]), shares: [0.5, 0.5])
        let lengths = try result.norm(dims: [1]).doubles()
        #expect(abs(lengths[0] - 3) < 1e-5 && abs(lengths[1] - 4) < 1e-5)
    }

    @Test func everyRowHasItsOwnShare() throws {
        let (a, b) = (rows([[1, 0], [1, 0]]), rows([[0, 1], [0, 1]]))
        let result = try Spherical.slerp(a, b, shares: [0, 1]).floats()
        #expect(result == [1, 0, 0, 1])
    }

    @Test(arguments: [[1, 0], [-1, 0], [0, 0]] as [[Float]])
    func whatHasNoGreatCircleStaysFinite(other: [Float]) throws {
        let result = try Spherical.slerp(rows([[1, 0]]), rows([other]), shares: [0.5]).floats()
        #expect(result.allSatisfy { $0.isFinite })
    }

    @Test func weightsCountByTheirShares() throws {
        let parts = [rows([[1, 0, 0]]), rows([[0, 1, 0]]), rows([[0, 0, 1]])]
        let even = try Spherical.blend(parts, weights: [[2, 2, 2]]).doubles()
        #expect(abs(even.map { $0 * $0 }.reduce(0, +) - 1) < 1e-6)
        #expect(abs(even[0] - even[1]) < 1e-6)
        #expect(try Spherical.blend(parts, weights: [[0, 0, 5]]).floats() == [0, 0, 1])
        #expect(try Spherical.blend(parts, weights: [[3, 0, 0]]).floats() == [1, 0, 0])
    }

    /// Noise between noises is still standard normal, and a picture's is the same alone as in a batch.
    @Test func slerpedNoiseIsNoise() throws {
        let shape = [2, 3, 64, 64]
        let noise = try SlerpedNoise(seeds: [5, 9], weights: [[0.5, 0.5], [1, 0]]).next("x", shape)
        let deviations = try noise.reshape([2, -1]).std(dims: [1]).doubles()
        #expect(deviations.allSatisfy { abs($0 - 1) < 0.02 })
        let own = try SeededNoise(seeds: [9]).next("x", [1, 3, 64, 64]).floats()
        #expect(try noise.narrow(dim: 0, start: 1, length: 1).floats() == own)
        let alone = try SlerpedNoise(seeds: [5], weights: [[0.5, 0.5]]).next("x", [1, 3, 64, 64]).floats()
        #expect(try noise.narrow(dim: 0, start: 0, length: 1).floats() == alone)
    }
}

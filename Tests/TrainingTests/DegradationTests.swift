import Foundation
import Testing
import Torch

@testable import Training

/// What an upsampler's small pictures go through: soft, noisy and uneven, but nothing moved.
@Suite struct DegradationTests {
    private let place = StepPlace(seed: 4, step: 2, part: 0)

    private func degradation(_ change: (inout Degradation) -> Void) -> Degradation {
        var rules = Degradation()
        rules.noise = 0
        change(&rules)
        return rules
    }

    /// Dark on the left and light on the right of an edge between columns 15 and 16.
    private var edge: Tensor {
        let row = (0..<32).map { $0 < 16 ? Float(-1) : 1 }
        return Tensor([Float](repeating: 0, count: 16 * 3 * 32 * 32), shape: [16, 3, 32, 32]) + Tensor(row)
    }

    @Test func anEdgeIsSoftenedInPlace() throws {
        let soft = degradation { ($0.blurProbability, $0.leastBlurSigma, $0.blurSigma) = (1, 0.5, 2) }
            .applied(to: edge, at: place)
        let left = try soft.narrow(dim: 3, start: 15, length: 1).mean(dims: [1, 2, 3]).floats()
        let right = try soft.narrow(dim: 3, start: 16, length: 1).mean(dims: [1, 2, 3]).floats()
        #expect(zip(left, right).allSatisfy { abs($0 + $1) < 1e-5 }, "the middle stays between the two columns")
        #expect(left.allSatisfy { (-0.9 ... -0.1).contains($0) })
        #expect(left.max()! - left.min()! > 0.2, "each picture has a σ of its own")
    }

    @Test func oneSigmaIsTheSameForAll() throws {
        let soft = degradation { ($0.blurProbability, $0.blurSigma) = (1, 1) }.applied(to: edge, at: place)
        let left = try soft.narrow(dim: 3, start: 15, length: 1).mean(dims: [1, 2, 3]).floats()
        #expect(left.max()! - left.min()! < 1e-6)
    }

    @Test func mottleIsCoarseAndNoiseIsFine() throws {
        let flat = Tensor.zeros([16, 3, 32, 32], device: .cpu)
        func unevenness(_ change: (inout Degradation) -> Void) throws -> (size: Double, betweenNeighbours: Double) {
            let drawn = degradation {
                $0.blurProbability = 0
                change(&$0)
            }.applied(to: flat, at: place)
            let steps = drawn.narrow(dim: 3, start: 1, length: 31) - drawn.narrow(dim: 3, start: 0, length: 31)
            return (try drawn.square().mean().sqrt().item(), try steps.square().mean().sqrt().item())
        }
        let mottle = try unevenness { $0.mottle = 0.1 }
        let noise = try unevenness { $0.noise = 0.1 }
        #expect((0.02...0.08).contains(mottle.size) && (0.02...0.08).contains(noise.size))
        #expect(mottle.betweenNeighbours < 0.6 * mottle.size && noise.betweenNeighbours > 1.2 * noise.size)
    }

    @Test(arguments: [
        (#"{"blur_sigma": 1, "least_blur_sigma": 2}"#, "least_blur_sigma"), (#"{"blur_sigma": 0}"#, "blur_sigma"),
        (#"{"blur_probability": 2}"#, "blur_probability"), (#"{"mottle": -1}"#, "mottle"),
        (#"{"least_sigma": 1}"#, "least_sigma"),
    ])
    func whatCannotBeIsRefusedByName(_ json: String, _ key: String) throws {
        let error = #expect(throws: TrainingError.self) {
            try JSONDecoder().decode(Degradation.self, from: Data(json.utf8))
        }
        #expect(error.map { "\($0)".contains("'\(key)'") } == true)
    }

    @Test func nothingIsDoneWhereNothingIsAsked() throws {
        let same = degradation { $0.blurProbability = 0 }.applied(to: edge, at: place)
        let difference = try (same - edge).abs().amax().item()
        #expect(difference == 0)
    }
}

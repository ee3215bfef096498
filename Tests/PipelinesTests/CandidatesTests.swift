import Testing
import Torch

@testable import Pipelines

@Suite struct CandidatesTests {
    /// Of each goal's own candidates, in the order of their likeness.
    @Test func theNearestAreKept() throws {
        let samples = Tensor((0..<6).map(Float.init), shape: [6, 1])
        let embeds = Tensor([0, 1, 1, 0, 0.6, 0.8, 0, 1, 1, 0, 0.6, 0.8] as [Float], shape: [6, 2])
        let goals = Tensor([1, 0, 0, 1] as [Float], shape: [2, 2])
        func best(_ kept: Int) throws -> [Float] {
            try bestCandidates(samples, embeds: embeds, goals: goals, of: 3, keeping: kept).floats()
        }
        #expect(try best(1) == [1, 3])
        #expect(try best(2) == [1, 2, 3, 5])
        #expect(try best(3) == [0, 1, 2, 3, 4, 5])
    }
}

import Diffusion
import Testing
import Torch

@Suite struct TokenLoopTests {
    /// Prefers the token after the last one, of five.
    private func next(_ last: Tensor, _ step: SamplingStep) throws -> Tensor {
        let rows = try last.int64s().map { token in (0..<5).map { Float($0 == (token + 1) % 5 ? 2 : 0) } }
        return Tensor(rows.flatMap { $0 }, shape: [rows.count, 5])
    }

    private func tokens(_ sampling: TokenSampling, seeds: [UInt64], hooks: [StepHook] = []) throws -> [[Int64]] {
        let loop = TokenLoop(
            stage: "decoder", sampling: sampling, predictor: next, noise: SeededNoise(seeds: seeds), hooks: hooks)
        let drawn = try loop.run(batch: seeds.count).int64s()
        return seeds.indices.map { Array(drawn[$0 * sampling.length..<($0 + 1) * sampling.length]) }
    }

    @Test func withoutTemperatureTheLikeliestTokensAreTaken() throws {
        let sampling = TokenSampling(startToken: 3, temperature: 0, length: 4)
        #expect(try tokens(sampling, seeds: [1, 2]) == [[4, 0, 1, 2], [4, 0, 1, 2]])
    }

    @Test func ofOneTokenThereIsNoChoice() throws {
        let sampling = TokenSampling(startToken: 0, temperature: 5, topK: 1, length: 3)
        #expect(try tokens(sampling, seeds: [7]) == [[1, 2, 3]])
    }

    @Test func aRowIsTheSameAloneAsInABatch() throws {
        let sampling = TokenSampling(startToken: 0, temperature: 2, length: 20)
        let together = try tokens(sampling, seeds: [1, 2, 3])
        #expect(Set(together).count == 3)
        for (index, seed) in [UInt64(1), 2, 3].enumerated() {
            #expect(try tokens(sampling, seeds: [seed]) == [together[index]])
        }
    }

    @Test func tokensAreChosenWithTheirProbabilities() throws {
        // exp(2 / 2) against four times 1: 0.405.
        let sampling = TokenSampling(startToken: 0, temperature: 2, length: 400)
        let drawn = try tokens(sampling, seeds: [5])[0]
        let expected = zip([0] + drawn, drawn).count { ($0 + 1) % 5 == $1 }
        #expect(abs(Double(expected) / 400 - 0.405) < 0.08)
    }

    @Test func hooksSeeWhatIsThereAndMayReplaceIt() throws {
        var seen: [Int] = []
        let hook = StepHook(after: { outcome in
            seen.append(try outcome.sample.int64s().count { $0 != TokenLoop.unknown })
            return outcome.step.index == 0 ? Tensor([2, -1, -1] as [Int64], shape: [1, 3]) : nil
        })
        let sampling = TokenSampling(startToken: 0, temperature: 0, length: 3)
        #expect(try tokens(sampling, seeds: [1], hooks: [hook]) == [[2, 3, 4]])
        #expect(seen == [1, 2, 3])
    }
}

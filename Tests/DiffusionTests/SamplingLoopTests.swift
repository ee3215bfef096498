import Testing
import Torch

@testable import Diffusion

@Suite struct SamplingLoopTests {
    private static let shape = [2, 3, 4]
    private static func model(_ x: Tensor, _ step: SamplingStep) -> Tensor { 0.4 * x + 0.001 * step.timestep }

    private func loop(
        _ kind: SchedulerKind = .ddpm, steps: Int = 5, seeds: [UInt64] = [1, 2], hooks: [StepHook] = [],
        denoiser: @escaping Denoiser = Self.model
    ) throws -> SamplingLoop {
        SamplingLoop(
            stage: "decoder", solver: try SchedulerConfig(kind).solver(RunOptions(steps: steps)), denoiser: denoiser,
            noise: SeededNoise(seeds: seeds), hooks: hooks)
    }

    @Test(arguments: SchedulerKind.allCases)
    func aPictureIsTheSameAloneAndInABatch(kind: SchedulerKind) throws {
        let batch = try loop(kind, seeds: [11, 12, 13]).run(shape: [3, 3, 4])
        for (row, seed) in [11, 12, 13].enumerated() {
            let alone = try loop(kind, seeds: [UInt64(seed)]).run(shape: [1, 3, 4])
            #expect(try alone.floats() == batch.narrow(dim: 0, start: row, length: 1).floats())
        }
        #expect(try batch.select(dim: 0, index: 0).floats() != batch.select(dim: 0, index: 1).floats())
    }

    @Test func hooksSeeEveryStepInOrder() throws {
        var seen: [String] = []
        let hook = StepHook(
            before: { _, step in
                seen.append("before \(step.index)")
                return nil
            },
            after: { outcome in
                seen.append("after \(outcome.step.index)")
                #expect(outcome.output.shape == Self.shape)
                #expect(outcome.predictedPicture.shape == Self.shape)
                return nil
            })
        _ = try loop(steps: 3, hooks: [hook]).run(shape: Self.shape)
        #expect(seen == ["before 0", "after 0", "before 1", "after 1", "before 2", "after 2"])
    }

    @Test func aThrowingHookEndsTheRun() throws {
        var calls = 0
        let counting: Denoiser = { x, step in
            calls += 1
            return Self.model(x, step)
        }
        let cancelling = StepHook.observing { outcome in
            if outcome.step.index == 1 { throw CancellationError() }
        }
        let run = try loop(hooks: [cancelling], denoiser: counting)
        #expect(throws: CancellationError.self) { try run.run(shape: Self.shape) }
        #expect(calls == 2)
    }

    @Test func hooksReplaceTheSample() throws {
        var shown: [Float] = []
        let hook = StepHook(
            before: { sample, _ in sample * 0.0 + 3.0 },
            after: { outcome in outcome.step.isLast ? outcome.sample * 0.0 - 1.0 : nil })
        let watching: Denoiser = { x, step in
            shown += try x.floats()
            return Self.model(x, step)
        }
        let found = try loop(hooks: [hook], denoiser: watching).run(shape: Self.shape)
        #expect(Set(shown) == [3])
        #expect(Set(try found.floats()) == [-1])
    }

    @Test(arguments: SchedulerKind.allCases)
    func aKnownRegionComesThroughUnchanged(kind: SchedulerKind) throws {
        let picture = Tensor.full(Self.shape, 0.25)
        let mask = Tensor([1, 0, 1, 0] as [Float], shape: [1, 1, 4])
        var levels: [NoiseLevel] = []
        let noise = Tensor.ones(Self.shape)
        let hook = StepHook.keeping(picture, where: mask) { step in
            levels.append(step.nextLevel)
            return noise
        }
        let inside = StepHook.observing { outcome in
            let level = outcome.step.nextLevel
            let known = outcome.sample.select(dim: 2, index: 0)
            let expected = Tensor.full(known.shape, Double(level.signal * 0.25 + level.noise))
            let error = try relativeError(known, expected)
            #expect(error < 1e-5)
        }
        let found = try loop(kind, hooks: [hook, inside]).run(shape: Self.shape)
        #expect(Set(try found.select(dim: 2, index: 2).floats()) == [0.25])
        #expect(Set(try found.select(dim: 2, index: 1).floats()) != [0.25])
        #expect(levels.count == 4)
    }

    @Test func aReplacedSampleIsNotCorrectedAway() throws {
        // UniPC's corrector starts from the sample before, so it must not run where a hook has replaced its result.
        func run(_ options: [String: OptionValue], replacing: Bool) throws -> [Float] {
            let hook = StepHook(after: { replacing ? $0.sample * 0.9 + 0.1 : nil })
            let solver = try SchedulerConfig(.uniPC, options).solver(RunOptions(steps: 5))
            return try SamplingLoop(
                stage: "x", solver: solver, denoiser: Self.model, noise: SeededNoise(seeds: [1]), hooks: [hook]
            ).run(shape: [1, 3, 4]).floats()
        }
        let uncorrected: [String: OptionValue] = ["disable_corrector": .list([0, 1, 2, 3])]
        #expect(try run([:], replacing: true) == run(uncorrected, replacing: true))
        #expect(try run([:], replacing: false) != run(uncorrected, replacing: false))
    }

    @Test func samplesInFloat32WhateverTheDenoiserGives() throws {
        let half: Denoiser = { x, step in Self.model(x, step).to(.bfloat16) }
        let found = try loop(denoiser: half).run(shape: Self.shape)
        #expect(found.dtype == .float32)
        #expect(try found.floats().allSatisfy(\.isFinite))
    }

    @Test func recordsNoGradients() throws {
        var recorded = false
        let weight = Tensor.ones([1])
        weight.requiresGrad = true
        let learning: Denoiser = { x, _ in
            let output = weight * x
            recorded = recorded || output.requiresGrad
            return output
        }
        _ = try loop(denoiser: learning).run(shape: Self.shape)
        #expect(!recorded)
    }

    @Test func aFailedOperationEndsTheRunAtItsStep() throws {
        var calls = 0
        let broken: Denoiser = { x, _ in
            calls += 1
            return x.matmul(Tensor.zeros([7, 7]))
        }
        #expect(throws: TorchError.self) { try loop(denoiser: broken).run(shape: Self.shape) }
        #expect(calls == 1)
    }
}

@Suite struct NoiseSourceTests {
    @Test func labelsSayWhatADrawIsFor() throws {
        final class Listening: NoiseSource {
            var labels: [String] = []
            func next(_ label: String, _ shape: [Int]) throws -> Tensor {
                labels.append(label)
                return .zeros(shape)
            }
        }
        let noise = Listening()
        let solver = try SchedulerConfig(.unCLIP).solver(RunOptions(steps: 3))
        _ = try SamplingLoop(stage: "prior", solver: solver, denoiser: { x, _ in x }, noise: noise).run(shape: [1, 4])
        #expect(noise.labels == ["prior_init_latents", "prior_step00", "prior_step01"])
    }

    @Test func seededDrawsAreThoseOfTheGenerator() throws {
        let drawn = try SeededNoise(seeds: [5, 6]).next("x", [4, 3])
        let first = Tensor.randn([2, 3], generator: Generator(seed: 5))
        #expect(try drawn.narrow(dim: 0, start: 0, length: 2).floats() == first.floats())
        #expect(throws: DiffusionError.self) { try SeededNoise(seeds: [5, 6]).next("x", [3, 3]) }
        #expect(throws: DiffusionError.self) { try SeededNoise(seeds: []).next("x", [3, 3]) }
    }

    @Test func recordedDrawsComeInOrderAndEnd() throws {
        let noise = RecordedNoise([.zeros([1, 2]), .ones([1, 2])])
        #expect(try noise.next("a", [1, 2]).floats() == [0, 0])
        #expect(throws: DiffusionError.self) { try noise.next("b", [1, 3]) }
        #expect(noise.remaining == 1)
        #expect(try noise.next("b", [1, 2]).floats() == [1, 1])
        #expect(throws: DiffusionError.noiseExhausted(label: "c", recorded: 2)) { try noise.next("c", [1, 2]) }
    }
}

@Suite struct GuidanceTests {
    @Test func guidesPredictionsButNotVariances() throws {
        let guidance = ClassifierFreeGuidance(scale: 3)
        let denoiser: Denoiser = { x, _ in
            #expect(x.shape == [2, 1, 2])
            // Rows: unconditional, conditional; channels: prediction, variance.
            return Tensor([1, 1, 5, 5, 2, 2, 7, 7] as [Float], shape: [2, 2, 2])
        }
        let step = try SchedulerConfig(.ddim).solver(RunOptions(steps: 1)).steps[0]
        let guided = try guidance.guiding(denoiser)(Tensor.zeros([1, 1, 2]), step)
        #expect(try guided.floats() == [4, 4, 7, 7])
        #expect(guided.shape == [1, 2, 2])
    }

    @Test func scaleOneIsTheConditionalPrediction() throws {
        let output = Tensor([1, 2, 30, 40] as [Float], shape: [2, 2])
        #expect(try ClassifierFreeGuidance(scale: 1).combine(output, channels: 2).floats() == [30, 40])
        #expect(!ClassifierFreeGuidance(scale: 1).isActive)
    }
}

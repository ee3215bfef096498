import Testing
import Torch

@testable import Diffusion

/// Laws that every solver obeys, and requests that it refuses.
@Suite struct SolverTests {
    /// A solver and a parameterisation of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let kind: SchedulerKind
        let options: [String: OptionValue]
        let parameterisation: Parameterisation
        var testDescription: String { "\(kind.rawValue) \(options) \(parameterisation.rawValue)" }

        func solver(_ run: RunOptions) throws -> any Solver {
            try SchedulerConfig(
                kind, options.merging(["prediction_type": .text(parameterisation.rawValue)]) { a, _ in a }
            ).solver(run)
        }
    }

    static let cases: [Case] = [
        (.unCLIP, ["clip_sample": false]), (.ddpm, ["clip_sample": false]), (.ddim, ["clip_sample": false]),
        (.dpmSolver, [:]), (.dpmSolver, ["algorithm_type": "sde-dpmsolver++", "solver_order": 3]), (.euler, [:]),
        (.uniPC, [:]), (.uniPC, ["solver_type": "bh1"]),
    ].flatMap { (kind: SchedulerKind, options: [String: OptionValue]) in
        [Parameterisation.epsilon, .sample, .velocity]
            .filter { kind != .unCLIP || $0 != .velocity }
            .map { Case(kind: kind, options: options, parameterisation: $0) }
    }

    static var picture: Tensor { Tensor([0.5, -0.25, 0.75, 0, -1, 1] as [Float], shape: [1, 2, 3]) }

    /// Predicts what it should for one picture, whatever the sample.
    static func oracle(_ picture: Tensor, _ parameterisation: Parameterisation, scalesInput: Bool) -> Denoiser {
        { input, step in
            // Euler shows the sample scaled to unit variance, which is the sample of the variance-preserving process.
            let level = scalesInput ? NoiseLevel(sigma: step.level.noise) : step.level
            let noise = Parameterisation.epsilon(picture: picture, input, level)
            return parameterisation.target(picture: picture, noise: noise, level)
        }
    }

    @Test(arguments: cases, [0, 4])
    func perfectDenoiserLeadsToThePicture(_ one: Case, skipped: Int) throws {
        let picture = Self.picture
        let solver = try one.solver(RunOptions(steps: 12, skipped: skipped))
        #expect(solver.steps.count == 12 - skipped)
        let noise = SeededNoise(seeds: [7])
        let loop = SamplingLoop(
            stage: "law", solver: solver,
            denoiser: Self.oracle(picture, one.parameterisation, scalesInput: one.kind == .euler), noise: noise)
        let start = solver.steps[0].level.mix(picture, try noise.next("start", picture.shape))
        let found = try loop.run(from: skipped == 0 ? solver.initialNoiseScale * start : start)
        #expect(try relativeError(found, picture) < 0.02)
    }

    @Test(arguments: cases)
    func stepsFallFromNoiseToPicture(_ one: Case) throws {
        let steps = try one.solver(RunOptions(steps: 20)).steps
        #expect(steps.map(\.index) == Array(0..<20))
        #expect(steps.allSatisfy { $0.count == 20 })
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.timestep > $1.timestep && $0.nextLevel == $1.level })
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.level.noise > $1.level.noise })
        #expect(steps.last?.nextLevel == .clean)
        #expect(steps.filter(\.isLast).count == 1)
    }

    @Test(arguments: cases)
    func runsOfOneSolverShareNothing(_ one: Case) throws {
        let solver = try one.solver(RunOptions(steps: 6))
        func run() throws -> [Float] {
            let loop = SamplingLoop(
                stage: "law", solver: solver, denoiser: { x, _ in 0.3 * x }, noise: SeededNoise(seeds: [3]))
            return try loop.run(shape: [1, 2, 3]).floats()
        }
        #expect(try run() == run())
    }

    @Test(arguments: cases)
    func predictedVarianceIsDroppedWhereItIsNotUsed(_ one: Case) throws {
        func run(_ denoiser: @escaping Denoiser) throws -> [Float] {
            let loop = SamplingLoop(
                stage: "law", solver: try one.solver(RunOptions(steps: 4)), denoiser: denoiser,
                noise: SeededNoise(seeds: [3]))
            return try loop.run(shape: [1, 2, 3]).floats()
        }
        let doubled = try run { x, _ in Tensor.cat([0.3 * x, x + 100.0], dim: 1) }
        #expect(try doubled == run { x, _ in 0.3 * x })
    }

    @Test func refusesStepsThatTheScheduleDoesNotHave() throws {
        for (kind, run) in [
            (.unCLIP, RunOptions(steps: 1)), (.ddpm, RunOptions(steps: 0)), (.ddim, RunOptions(steps: 1001)),
            (.euler, RunOptions(steps: -3)), (.uniPC, RunOptions(steps: 5, skipped: 5)),
            (.dpmSolver, RunOptions(steps: 5, skipped: -1)),
        ] as [(SchedulerKind, RunOptions)] {
            #expect {
                try SchedulerConfig(kind).solver(run)
            } throws: { error in
                if case DiffusionError.invalidSteps(kind.rawValue, run.steps, _) = error { true } else { false }
            }
        }
    }

    @Test(arguments: [
        (SchedulerKind.ddpm, ["steps_offset": 1] as [String: OptionValue], 1000),
        (.ddim, ["rescale_betas_zero_snr": true, "timestep_spacing": "trailing", "clip_sample": false], 10),
        (.dpmSolver, ["timestep_spacing": "leading"], 1000),
        (.dpmSolver, ["lambda_min_clipped": 50], 10),
        (.uniPC, ["lower_order_final": false], 10),
    ])
    func refusesRunsWithoutAFiniteSolution(kind: SchedulerKind, options: [String: OptionValue], steps: Int) throws {
        let config = try SchedulerConfig(kind, options)
        #expect {
            try config.solver(RunOptions(steps: steps))
        } throws: { error in
            if case DiffusionError.invalidSteps = error { true } else { false }
        }
    }

    @Test func refusesEtaWhereThereIsNone() throws {
        #expect(throws: DiffusionError.self) { try SchedulerConfig(.ddpm).solver(RunOptions(steps: 5, eta: 0.5)) }
        #expect(throws: DiffusionError.self) { try SchedulerConfig(.ddim).solver(RunOptions(steps: 5, eta: 1.5)) }
        #expect(throws: DiffusionError.self) { try SchedulerConfig(.ddim).solver(RunOptions(steps: 5, eta: .nan)) }
    }

    @Test(arguments: [[1, 3, 3], [2, 2, 3], [1, 2, 4], [1, 2], [1, 2, 3, 1]])
    func refusesOutputsOfAnotherShape(shape: [Int]) throws {
        var solver = try SchedulerConfig(.ddim).solver(RunOptions(steps: 4))
        #expect(throws: DiffusionError.self) {
            _ = try solver.advance(
                Tensor.zeros([1, 2, 3]), output: Tensor.zeros(shape), at: solver.steps[0], noise: { .zeros([1, 2, 3]) })
        }
    }

    @Test func asksForTheVarianceThatItNeeds() throws {
        var solver = try SchedulerConfig(.unCLIP, ["variance_type": "learned_range"]).solver(RunOptions(steps: 4))
        let zeros = Tensor.zeros([1, 2, 3])
        #expect(throws: DiffusionError.self) {
            _ = try solver.advance(zeros, output: zeros, at: solver.steps[0], noise: { zeros })
        }
    }

    @Test func thresholdsEachPictureByItself() throws {
        let rows = Tensor([0.1, -0.2, 4, 0.5, 1, -8, 2, 6] as [Float], shape: [2, 1, 4])
        let limit = SampleLimit.threshold(ratio: 1, maximum: 5)
        let expected: [Float] = [0.025, -0.05, 1, 0.125, 0.2, -1, 0.4, 1]
        #expect(try relativeError(limit(rows), Tensor(expected, shape: [2, 1, 4])) < 1e-6)
        let clipped = try SampleLimit.threshold(ratio: 1, maximum: 1)(rows).floats()
        #expect(try clipped == SampleLimit.clip(1)(rows).floats())
    }
}

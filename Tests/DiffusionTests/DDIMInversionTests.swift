import Testing
import Torch

@testable import Diffusion

struct DDIMInversionTests {
    private let config = try? SchedulerConfig(
        .ddim,
        ["beta_schedule": "squaredcos_cap_v2", "prediction_type": "sample", "timestep_spacing": "trailing"])

    /// The best denoiser of normal pictures with deviation 0.4: x̂_0 = signal · 0.16 x / (signal² · 0.16 + noise²).
    private let denoiser: Denoiser = { sample, step in
        let (signal, noise) = (Double(step.level.signal), Double(step.level.noise))
        return (signal * 0.16 / (signal * signal * 0.16 + noise * noise)) * sample
    }

    @Test(arguments: [20, 50])
    func whatIsLedBackIsDrawnAgain(steps: Int) throws {
        let config = try #require(config)
        let picture = (0.4 * Tensor.randn([2, 3, 8, 8], generator: Generator(seed: 3))).clamp(min: -0.9, max: 0.9)
        let run = RunOptions(steps: steps)
        let noise = try DDIMInversion(config, run, rounds: 5, denoiser: denoiser).noise(of: picture)
        let drawn = try SamplingLoop(
            stage: "x", solver: try config.solver(run), denoiser: denoiser, noise: SeededNoise(seeds: [0, 1])
        ).run(from: noise)
        #expect(try (drawn - picture).abs().amax().item() < 0.02)
        // It is noise: as wide as a standard normal, not a picture.
        #expect(abs(try noise.std(dims: [0, 1, 2, 3]).item() - 1) < 0.15)
    }

    @Test func tellsOfEveryStepOnce() throws {
        var indices: [Int] = []
        let inversion = try DDIMInversion(
            try #require(config), RunOptions(steps: 7), denoiser: denoiser,
            hooks: [.observing { indices.append($0.step.index) }])
        _ = try inversion.noise(of: Tensor.zeros([1, 3, 4, 4]))
        #expect(indices == (0..<7).reversed())
        #expect(inversion.stepCount == 7)
    }

    @Test func otherSolversCannotBeWalkedBackwards() throws {
        let config = try SchedulerConfig(.euler)
        #expect(throws: DiffusionError.self) { try DDIMInversion(config, RunOptions(steps: 5), denoiser: denoiser) }
    }
}

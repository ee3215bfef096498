import Testing
import Torch

@testable import Diffusion

struct DDIMInversionTests {
    private let config = try? SchedulerConfig(
        .ddim,
        ["beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction", "timestep_spacing": "trailing"])

    /// A smooth denoiser whose answer depends on the sample: v of a picture that follows it.
    private let denoiser: Denoiser = { sample, step in
        let picture = 0.8 * (0.9 * sample).tanh()
        let noise = (sample - Double(step.level.signal) * picture) / Double(max(step.level.noise, 1e-3))
        return Double(step.level.signal) * noise - Double(step.level.noise) * picture
    }

    @Test(arguments: [20, 50])
    func whatIsLedBackIsDrawnAgain(steps: Int) throws {
        let config = try #require(config)
        let picture = 0.6 * Tensor.randn([2, 3, 8, 8], generator: Generator(seed: 3)).tanh()
        let run = RunOptions(steps: steps)
        let noise = try DDIMInversion(config, run, rounds: 6, denoiser: denoiser).noise(of: picture)
        let loop = SamplingLoop(
            stage: "x", solver: try config.solver(run), denoiser: denoiser, noise: SeededNoise(seeds: [0, 1]))
        // All but the last step, which the denoiser alone decides.
        var last = picture
        let watched = SamplingLoop(
            stage: "x", solver: try config.solver(run), denoiser: denoiser, noise: SeededNoise(seeds: [0, 1]),
            hooks: [
                StepHook(before: { sample, step in
                    if step.isLast { last = sample }
                    return nil
                })
            ])
        _ = try watched.run(from: noise)
        let drawn = try loop.run(from: noise)
        #expect(try (last - picture).abs().mean().item() < 0.05)
        #expect(try drawn.isFinite().logicalNot().any().item() == 0)
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

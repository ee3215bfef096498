import Foundation
import Testing
import Torch

@testable import Diffusion

@Suite struct ScheduleTests {
    private func cosine(shift: Double = 0) throws -> NoiseSchedule {
        try NoiseSchedule(
            SchedulerConfig(.ddpm, ["beta_schedule": "squaredcos_cap_v2", "log_snr_shift": .number(shift)]))
    }

    @Test func shiftMovesLogSNRByTheSameAmountEverywhere() throws {
        let shift = NoiseSchedule.logSNRShift(resolution: 256)
        #expect(abs(shift - 2 * log(0.25)) < 1e-12)
        let plain = try cosine()
        let shifted = try cosine(shift: shift)
        for t in stride(from: 20, to: 990, by: 10) {
            let difference = log(Double(shifted.signalToNoise(at: t))) - log(Double(plain.signalToNoise(at: t)))
            #expect(abs(difference - shift) < 2e-3, "t = \(t)")
        }
        #expect(shifted.betas.allSatisfy { $0 > 0 && $0 < 1 })
        #expect(NoiseSchedule.logSNRShift(resolution: 64) == 0)
    }

    @Test func shiftedScheduleServesOrdinarySolvers() throws {
        let config = try SchedulerConfig(.unCLIP, ["log_snr_shift": -2.77])
        let plain = try SchedulerConfig(.unCLIP).solver(RunOptions(steps: 10))
        let shifted = try config.solver(RunOptions(steps: 10))
        for (a, b) in zip(plain.steps, shifted.steps) {
            #expect(a.timestep == b.timestep)
            #expect(b.level.signal < a.level.signal)
        }
    }

    @Test func terminalSignalVanishesOnlyIfAsked() throws {
        let plain = try NoiseSchedule(SchedulerConfig(.ddim))
        let rescaled = try NoiseSchedule(SchedulerConfig(.ddim, ["rescale_betas_zero_snr": true]))
        #expect(plain.alphasCumprod[999] > 0)
        #expect(rescaled.alphasCumprod[999] == 0)
        #expect(abs(rescaled.alphasCumprod[0] - plain.alphasCumprod[0]) < 1e-6)
    }

    @Test(arguments: ["leading", "linspace", "trailing"])
    func spacingGivesAsManyFallingTimestepsAsAsked(spacing: String) throws {
        let schedule = try cosine()
        let config = try SchedulerConfig(.ddpm, ["timestep_spacing": .text(spacing)])
        let wrong = try (1...1000).filter { steps in
            let timesteps = try config.timesteps(steps, schedule)
            return timesteps.count != steps || timesteps[0] > 999 || timesteps[steps - 1] < 0
                || zip(timesteps, timesteps.dropFirst()).contains { $0 <= $1 }
        }
        #expect(wrong.isEmpty)
    }

    @Test func karloVisitsBothEnds() {
        #expect(TimestepSpacing.unCLIP(5, of: 1000) == [999, 749, 500, 250, 0])
        #expect(TimestepSpacing.unCLIP(2, of: 1000) == [999, 0])
    }

    @Test func minSNRWeightsAgreeAcrossParameterisations() throws {
        let schedule = try cosine()
        for t in [0, 100, 500, 900] {
            let snr = schedule.signalToNoise(at: t)
            let picture = schedule.minSNRWeight(at: t, .sample)
            #expect(picture == min(snr, 5))
            #expect(abs(schedule.minSNRWeight(at: t, .epsilon) - picture / snr) < 1e-6)
            #expect(abs(schedule.minSNRWeight(at: t, .velocity) - picture / (snr + 1)) < 1e-6)
        }
        let terminal = try NoiseSchedule(SchedulerConfig(.ddpm, ["rescale_betas_zero_snr": true]))
        #expect(terminal.minSNRWeight(at: 999, .epsilon) == 1)
    }

    @Test(arguments: [Parameterisation.epsilon, .sample, .velocity])
    func targetsLeadBackToThePicture(parameterisation: Parameterisation) throws {
        let schedule = try cosine()
        let generator = Generator(seed: 1)
        let pictures = Tensor.randn([3, 2, 4, 4], generator: generator)
        let noise = Tensor.randn([3, 2, 4, 4], generator: generator)
        let timesteps = [3, 400, 800]
        let noisy = try schedule.addNoise(pictures, noise, timesteps: timesteps)
        let target = try schedule.target(parameterisation, pictures, noise, timesteps: timesteps)
        let back = try schedule.pictures(parameterisation, target, noisy, timesteps: timesteps)
        #expect(try relativeError(back, pictures) < 1e-5)
        let level = schedule.level(at: 400)
        let row = level.mix(pictures.select(dim: 0, index: 1), noise.select(dim: 0, index: 1))
        #expect(try relativeError(noisy.select(dim: 0, index: 1), row) < 1e-7)
    }

    @Test func forwardProcessRefusesForeignTimesteps() throws {
        let schedule = try cosine()
        let batch = Tensor.zeros([2, 3])
        #expect(throws: DiffusionError.timestepOutOfRange(timestep: 1000, count: 1000)) {
            try schedule.addNoise(batch, batch, timesteps: [0, 1000])
        }
        #expect(throws: DiffusionError.self) { try schedule.addNoise(batch, batch, timesteps: [1]) }
    }

    @Test func solvesSmallSystemsWithPivoting() throws {
        let solution = try #require(Numerics.solve([[0, 2, 1], [1, 1, 1], [4, 2, 1]], [7, 6, 11]))
        #expect(zip(solution, [1, 2, 3] as [Float]).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(Numerics.solve([[1, 2], [2, 4]], [1, 2]) == nil)
    }
}

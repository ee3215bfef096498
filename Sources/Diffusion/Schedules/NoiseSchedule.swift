import Foundation
import Torch

/// A variance-preserving forward process in discrete timesteps: x_t = √ᾱ_t · x_0 + √(1 − ᾱ_t) · noise
/// (Ho et al. 2020, equation 4). Tables are float32 with the reference's order of operations.
public struct NoiseSchedule: Sendable, Equatable {
    /// β_t, one for each training timestep.
    public let betas: [Float]
    /// α_t = 1 − β_t.
    public let alphas: [Float]
    /// ᾱ_t = α_0 · … · α_t.
    public let alphasCumprod: [Float]

    /// The number of training timesteps.
    public var count: Int { betas.count }

    public init(betas: [Float]) {
        self.betas = betas
        alphas = betas.map { 1 - $0 }
        alphasCumprod = Numerics.cumulativeProduct(alphas)
    }

    /// The schedule that a model with this scheduler configuration was trained with.
    public init(_ config: SchedulerConfig) throws(TorchError) {
        var betas = config.numbers("trained_betas")?.map { Float($0) } ?? []
        if betas.isEmpty {
            let schedule = BetaSchedule(rawValue: config.text("beta_schedule")) ?? .linear
            betas = schedule.betas(
                count: config.integer("num_train_timesteps"),
                from: config.number("beta_start"), to: config.number("beta_end"))
        }
        let shift = config.number("log_snr_shift")
        if shift != 0 { betas = BetaSchedule.shifted(betas, logSNR: shift) }
        if config.flag("rescale_betas_zero_snr") { betas = try BetaSchedule.rescaledToZeroTerminalSNR(betas) }
        self.init(betas: betas)
    }

    /// How much picture and how much noise the sample of a timestep holds.
    /// - Precondition: `timestep` is in `0..<count`.
    public func level(at timestep: Int) -> NoiseLevel {
        let alpha = alphasCumprod[timestep]
        return NoiseLevel(signal: alpha.squareRoot(), noise: (1 - alpha).squareRoot())
    }

    /// ᾱ_t / (1 − ᾱ_t).
    public func signalToNoise(at timestep: Int) -> Float {
        let alpha = alphasCumprod[timestep]
        return alpha / (1 - alpha)
    }

    /// The log-SNR shift that makes a picture of `resolution` pixels a side as noisy, seen at `base` pixels, as
    /// the unshifted schedule makes one of `base` pixels: 2 · ln(base / resolution)
    /// (Hoogeboom et al. 2023, “simple diffusion”, equation 3). For the option `log_snr_shift`.
    public static func logSNRShift(resolution: Int, base: Int = 64) -> Double {
        2 * log(Double(base) / Double(resolution))
    }
}

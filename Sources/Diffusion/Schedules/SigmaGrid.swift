import Foundation
import Torch

/// The noise-to-signal ratios σ that a solver in σ visits, and the timesteps that go with them.
///
/// `sigmas` has (at least) one element more than `timesteps`: where the last step arrives.
struct SigmaGrid {
    var timesteps: [Double]
    var sigmas: [Float]

    /// σ_t = √((1 − ᾱ_t) / ᾱ_t) for every training timestep.
    static func trained(_ alphasCumprod: [Float]) throws(TorchError) -> [Float] {
        try Numerics.squareRoots(alphasCumprod.map { (1 - $0) / $0 })
    }

    /// ᾱ for solvers in σ: a terminal ᾱ of zero would make σ infinite, so it becomes the reference's 2⁻²⁴.
    static func finite(_ schedule: NoiseSchedule, _ config: SchedulerConfig) -> [Float] {
        var alphas = schedule.alphasCumprod
        if config.flag("rescale_betas_zero_snr") { alphas[alphas.count - 1] = 0x1p-24 }
        return alphas
    }
}

/// Sequences of σ between a largest and a smallest one, largest first.
enum SigmaSpacing {
    /// Karras et al. 2022, equation 5, with ρ = 7.
    case karras
    /// Geometric: uniform in ln σ.
    case exponential

    init?(_ config: SchedulerConfig) {
        if config.flag("use_karras_sigmas") {
            self = .karras
        } else if config.flag("use_exponential_sigmas") {
            self = .exponential
        } else {
            return nil
        }
    }

    func sigmas(_ count: Int, from largest: Double, to smallest: Double) -> [Double] {
        switch self {
        case .karras:
            let rho = 7.0
            let start = pow(largest, 1 / rho)
            let end = pow(smallest, 1 / rho)
            return Numerics.linspace(0, 1, count).map { pow(start + $0 * (end - start), rho) }
        case .exponential:
            return Numerics.linspace(log(largest), log(smallest), count).map { exp($0) }
        }
    }
}

/// Finds the (fractional) training timestep of a σ by interpolating ln σ.
struct SigmaToTimestep {
    private let logSigmas: [Float]

    /// - Parameter sigmas: of every training timestep, rising.
    init(_ sigmas: [Float]) { logSigmas = sigmas.map { Numerics.log($0) } }

    func callAsFunction(_ sigma: Double) -> Double {
        let logSigma = log(max(sigma, 1e-10))
        // As many elements as are not above, less one; the last interval takes what lies beyond.
        let reached = logSigmas.lastIndex { logSigma - Double($0) >= 0 } ?? 0
        let low = min(reached, logSigmas.count - 2)
        let span = logSigmas[low] - logSigmas[low + 1]
        let weight = min(max((Double(logSigmas[low]) - logSigma) / Double(span), 0), 1)
        return (1 - weight) * Double(low) + weight * Double(low + 1)
    }

    /// ln σ of the noisiest and the cleanest timestep.
    var logRange: (largest: Double, smallest: Double) {
        (Double(logSigmas[logSigmas.count - 1]), Double(logSigmas[0]))
    }
}

import Foundation
import Torch

/// The variance β_t of the forward process's step t, for every timestep: how a model's training noise is laid out.
///
/// Values equal the reference's float32 tables bit for bit (diffusers 0.42.1).
enum BetaSchedule: String {
    case linear
    case scaledLinear = "scaled_linear"
    case cosine = "squaredcos_cap_v2"
    case laplace
    case sigmoid

    func betas(count: Int, from start: Double, to end: Double) -> [Float] {
        switch self {
        case .linear:
            Numerics.linspace(Float(start), Float(end), count)
        case .scaledLinear:
            Numerics.linspace(Float(start.squareRoot()), Float(end.squareRoot()), count).map { $0 * $0 }
        case .cosine:
            Self.betas(count: count) { t in
                let c = cos((t + 0.008) / 1.008 * Double.pi / 2)
                return c * c
            }
        case .laplace:
            Self.betas(count: count) { t in
                let sign = (0.5 - t).sign == .minus ? -1.0 : 1.0
                let logSNR = -0.5 * sign * log(1 - 2 * abs(0.5 - t) + 1e-6)
                let snr = exp(logSNR)
                return (snr / (1 + snr)).squareRoot()
            }
        case .sigmoid:
            Numerics.linspace(-6, 6, count).map { x in
                Numerics.sigmoid(x) * Float(end - start) + Float(start)
            }
        }
    }

    /// β_t = min(1 − ᾱ(t+1)/ᾱ(t), 0.999), ᾱ over time 0…1 (Nichol and Dhariwal 2021, equation 17).
    private static func betas(count: Int, alphaBar: (Double) -> Double) -> [Float] {
        (0..<count).map { i in
            let now = Double(i) / Double(count)
            let next = Double(i + 1) / Double(count)
            return Float(min(1 - alphaBar(next) / alphaBar(now), 0.999))
        }
    }

    /// β rescaled so that nothing of the picture is left at the last timestep (Lin et al. 2023, algorithm 1).
    static func rescaledToZeroTerminalSNR(_ betas: [Float]) throws(TorchError) -> [Float] {
        var roots = try Numerics.squareRoots(Numerics.cumulativeProduct(betas.map { 1 - $0 }))
        guard let first = roots.first, let last = roots.last else { return betas }
        let scale = first / (first - last)
        roots = roots.map { ($0 - last) * scale }
        let cumulative = roots.map { $0 * $0 }
        return cumulative.indices.map { i in
            1 - (i == 0 ? cumulative[0] : cumulative[i] / cumulative[i - 1])
        }
    }

    /// β of the process whose log-SNR is larger by `shift` at every timestep:
    /// ᾱ' = σ(logit ᾱ + shift), β'_t = 1 − ᾱ'_t / ᾱ'_{t−1}.
    static func shifted(_ betas: [Float], logSNR shift: Double) -> [Float] {
        let factor = exp(shift)
        var cumulative = 1.0
        var previous = 1.0
        return betas.map { beta in
            cumulative *= 1 - Double(beta)
            let shifted = cumulative * factor / (cumulative * factor + (1 - cumulative))
            defer { previous = shifted }
            return Float(1 - shifted / previous)
        }
    }
}

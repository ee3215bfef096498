import Torch

/// What a noisy sample is made of: x = signal · x_0 + noise · ε.
///
/// signal² + noise² = 1 in variance-preserving processes; signal = 1 in Euler's (Karras et al. 2022).
public struct NoiseLevel: Hashable, Sendable {
    public let signal: Float
    public let noise: Float

    public init(signal: Float, noise: Float) {
        self.signal = signal
        self.noise = noise
    }

    /// The level after the last step: no noise.
    public static let clean = NoiseLevel(signal: 1, noise: 0)

    /// The variance-preserving level with noise-to-signal ratio σ.
    init(sigma: Float) {
        signal = 1 / (sigma * sigma + 1).squareRoot()
        noise = sigma * signal
    }

    /// λ = ln(signal / noise), half the log-SNR; infinite where there is no noise.
    var logRatio: Float { Numerics.log(signal) - Numerics.log(noise) }

    /// A picture and noise of the same shape, mixed at this level.
    public func mix(_ picture: Tensor, _ noise: Tensor) -> Tensor {
        signal * picture + self.noise * noise
    }
}

/// What a denoiser predicts.
public enum Parameterisation: String, Sendable {
    /// The noise ε (Ho et al. 2020).
    case epsilon
    /// The clean picture x_0.
    case sample
    /// v = signal · ε − noise · x_0 (Salimans and Ho 2022).
    case velocity = "v_prediction"

    /// The clean picture that a prediction implies for a sample of this level.
    func picture(_ output: Tensor, _ sample: Tensor, _ level: NoiseLevel) -> Tensor {
        switch self {
        case .epsilon: (sample - level.noise * output) / level.signal
        case .sample: output
        case .velocity: level.signal * sample - level.noise * output
        }
    }

    /// The noise that a prediction implies.
    func epsilon(_ output: Tensor, _ sample: Tensor, _ level: NoiseLevel) -> Tensor {
        switch self {
        case .epsilon: output
        case .sample: Self.epsilon(picture: output, sample, level)
        case .velocity: level.signal * output + level.noise * sample
        }
    }

    /// The noise that, with this picture, makes up the sample.
    static func epsilon(picture: Tensor, _ sample: Tensor, _ level: NoiseLevel) -> Tensor {
        (sample - level.signal * picture) / level.noise
    }

    /// What a denoiser of this kind should have predicted: the training target.
    public func target(picture: Tensor, noise: Tensor, _ level: NoiseLevel) -> Tensor {
        switch self {
        case .epsilon: noise
        case .sample: picture
        case .velocity: level.signal * noise - level.noise * picture
        }
    }
}

func * (scalar: Float, tensor: Tensor) -> Tensor { Double(scalar) * tensor }
func / (tensor: Tensor, scalar: Float) -> Tensor { tensor / Double(scalar) }

import Torch

/// The forward process over a batch whose rows have timesteps of their own: what training needs.
extension NoiseSchedule {
    /// x_t = √ᾱ_t · x_0 + √(1 − ᾱ_t) · noise.
    /// - Parameters:
    ///   - pictures: x_0, `[B, …]`.
    ///   - noise: standard normal, the same shape.
    ///   - timesteps: one for each row, in `0..<count`.
    /// - Returns: `[B, …]` on the pictures' device.
    public func addNoise(_ pictures: Tensor, _ noise: Tensor, timesteps: [Int]) throws -> Tensor {
        let (signal, noiseScale) = try columns(timesteps, for: pictures)
        return signal * pictures + noiseScale * noise
    }

    /// What a denoiser of the given parameterisation should predict for `addNoise(pictures, noise, timesteps)`.
    public func target(
        _ parameterisation: Parameterisation, _ pictures: Tensor, _ noise: Tensor, timesteps: [Int]
    ) throws -> Tensor {
        guard parameterisation == .velocity else {
            return parameterisation.target(picture: pictures, noise: noise, .clean)
        }
        let (signal, noiseScale) = try columns(timesteps, for: pictures)
        return signal * noise - noiseScale * pictures
    }

    /// The clean pictures that predictions imply: the inverse of `target`.
    /// - Parameter output: predictions for the noisy `samples`, `[B, …]` both.
    public func pictures(
        _ parameterisation: Parameterisation, _ output: Tensor, _ samples: Tensor, timesteps: [Int]
    ) throws -> Tensor {
        guard parameterisation != .sample else { return output }
        let (signal, noiseScale) = try columns(timesteps, for: samples)
        return parameterisation == .epsilon
            ? (samples - noiseScale * output) / signal
            : signal * samples - noiseScale * output
    }

    /// The min-SNR-γ weight of a squared error in the given parameterisation (Hang et al. 2023, section 3.4):
    /// min(SNR, γ) in x_0, divided by SNR for ε and by SNR + 1 for v.
    /// - Parameter floor: the least weight in x_0. Above 0 it makes a network learn layouts, which are decided where
    ///   there is most noise, sooner.
    public func minSNRWeight(
        at timestep: Int, gamma: Float = 5, floor: Float = 0, _ parameterisation: Parameterisation
    ) -> Float {
        let snr = signalToNoise(at: timestep)
        let clipped = max(floor, min(snr, gamma))
        return switch parameterisation {
        case .sample: clipped
        // An SNR of zero weighs ε as any SNR below γ does.
        case .epsilon: snr > 0 ? clipped / snr : 1
        case .velocity: clipped / (snr + 1)
        }
    }

    /// √ᾱ and √(1 − ᾱ) as columns that broadcast over the rows of `batch`.
    private func columns(_ timesteps: [Int], for batch: Tensor) throws -> (signal: Tensor, noise: Tensor) {
        if let outside = timesteps.first(where: { !betas.indices.contains($0) }) {
            throw DiffusionError.timestepOutOfRange(timestep: outside, count: count)
        }
        guard timesteps.count == batch.size(0) else {
            throw DiffusionError.unexpectedBatch(
                what: "the batch", shape: batch.shape, expected: "\(timesteps.count) rows, one for each timestep")
        }
        let levels = timesteps.map { level(at: $0) }
        let shape = [timesteps.count] + Array(repeating: 1, count: batch.rank - 1)
        let column = { (values: [Float]) in
            Tensor(values, shape: shape).to(batch.dtype).to(batch.device)
        }
        return (column(levels.map(\.signal)), column(levels.map(\.noise)))
    }
}

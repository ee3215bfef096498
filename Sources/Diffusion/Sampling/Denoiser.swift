import Torch

/// A model with its conditions fixed: predicts from a noisy sample `[B, …]` at a step's timestep.
///
/// Returns the sample's shape, or twice its channels where the model predicts a variance too.
public typealias Denoiser = (_ sample: Tensor, _ step: SamplingStep) throws -> Tensor

/// Classifier-free guidance (Ho and Salimans 2022): ε = ε_∅ + scale · (ε_c − ε_∅).
public struct ClassifierFreeGuidance: Hashable, Sendable {
    /// 1 leaves the conditional prediction as it is; larger follows the condition more closely.
    public var scale: Double

    public init(scale: Double) { self.scale = scale }

    /// Whether guidance changes anything, and so is worth twice the work.
    public var isActive: Bool { scale != 1 }

    /// A denoiser of `[B, …]` from one of `[2B, …]` whose first B rows are unconditional and the others conditional.
    ///
    /// A predicted variance is not guided: it comes from the conditional rows.
    public func guiding(_ denoiser: @escaping Denoiser) -> Denoiser {
        { sample, step in
            let output = try denoiser(Tensor.cat([sample, sample], dim: 0), step)
            return combine(output, channels: sample.size(1))
        }
    }

    /// Guided rows `[B, …]` of a denoiser's output `[2B, …]`.
    /// - Parameter channels: how many channels are prediction; those after them are variance.
    public func combine(_ output: Tensor, channels: Int) -> Tensor {
        let rows = output.size(0) / 2
        let unconditional = output.narrow(dim: 0, start: 0, length: rows)
        let conditional = output.narrow(dim: 0, start: rows, length: rows)
        let base = unconditional.narrow(dim: 1, start: 0, length: channels)
        let target = conditional.narrow(dim: 1, start: 0, length: channels)
        let guided = base + scale * (target - base)
        let extra = output.size(1) - channels
        guard extra > 0 else { return guided }
        return Tensor.cat([guided, conditional.narrow(dim: 1, start: channels, length: extra)], dim: 1)
    }
}

import Torch

/// Draws standard normal noise of the sample's shape for the step at hand. Each call is a new draw.
public typealias StepNoise = () throws -> Tensor

/// A way to walk from noise to a picture: a value made for one run, which holds that run's history and nothing else.
///
/// Samples are `[B, …]` in float32. A denoiser's output has the sample's shape, or twice its channels, the second half
/// being the predicted variance.
public protocol Solver {
    /// The steps of the run, first to last.
    var steps: [SamplingStep] { get }
    /// What standard normal noise is multiplied by to become the first sample.
    var initialNoiseScale: Float { get }
    /// What the denoiser is shown of a sample.
    func modelInput(_ sample: Tensor, at step: SamplingStep) -> Tensor
    /// Takes one step; steps are taken in order.
    /// - Throws: `DiffusionError` if the output does not fit the sample; what `noise` throws.
    mutating func advance(
        _ sample: Tensor, output: Tensor, at step: SamplingStep, noise: StepNoise
    ) throws -> SolverUpdate
    /// Says that the sample which the last step returned was changed before the next one.
    mutating func sampleWasReplaced()
}

/// What a step makes of a sample.
public struct SolverUpdate {
    /// The sample of the next step.
    public let sample: Tensor
    /// The clean picture predicted by this step, limited as the configuration says.
    public let predictedPicture: Tensor
}

extension Solver {
    public var initialNoiseScale: Float { 1 }
    public func modelInput(_ sample: Tensor, at step: SamplingStep) -> Tensor { sample }
    public mutating func sampleWasReplaced() {}
}

/// A denoiser's output, with the predicted variance apart.
struct SplitOutput {
    let prediction: Tensor
    /// In −1…1, of the sample's shape; nil if the denoiser predicts none.
    let variance: Tensor?

    init(_ output: Tensor, for sample: Tensor) throws {
        try output.check()
        let channels = sample.size(1)
        if output.size(1) == channels {
            prediction = output
            variance = nil
        } else if output.size(1) == 2 * channels {
            prediction = output.narrow(dim: 1, start: 0, length: channels)
            variance = output.narrow(dim: 1, start: channels, length: channels)
        } else {
            throw DiffusionError.unexpectedOutput(
                sample: sample.shape, output: output.shape, expected: "\(channels) or \(2 * channels) channels")
        }
        // A misshapen prediction would broadcast silently.
        guard prediction.shape == sample.shape else {
            throw DiffusionError.unexpectedOutput(
                sample: sample.shape, output: output.shape, expected: "the sample's shape but for the channels")
        }
    }
}

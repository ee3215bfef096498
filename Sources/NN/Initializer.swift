import Torch

/// How a parameter starts when no weights are given.
public enum Initializer: Sendable {
    case zeros
    case ones
    case constant(Double)
    /// Normal with mean 0.
    case normal(std: Double)
    case uniform(bound: Double)
    /// PyTorch's default for linear and convolution layers: uniform within 1 / √fanIn.
    case fanIn(Int)
    /// As another one, but 0 for the inputs (dimension 1) from this one on: a layer starts blind to them.
    indirect case zeroingInputs(from: Int, Initializer)

    /// What a parameter of this shape starts as, in float32 on the CPU.
    public func tensor(_ shape: [Int], generator: Generator) -> Tensor {
        switch self {
        case .zeros: .zeros(shape)
        case .ones: .ones(shape)
        case .constant(let value): .full(shape, value)
        case .normal(let std): .randn(shape, generator: generator) * std
        case .uniform(let bound): (.rand(shape, generator: generator) * 2 - 1) * bound
        case .fanIn(let count):
            (.rand(shape, generator: generator) * 2 - 1) * (1 / Double(Swift.max(1, count)).squareRoot())
        case .zeroingInputs(let first, let other):
            other.tensor(shape, generator: generator)
                * Tensor.arange(shape[1]).lt(scalar: Double(first)).to(.float32)
                .reshape([1, shape[1]] + shape.dropFirst(2).map { _ in 1 })
        }
    }
}

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

    func tensor(_ shape: [Int], generator: Generator) -> Tensor {
        switch self {
        case .zeros: .zeros(shape)
        case .ones: .ones(shape)
        case .constant(let value): .full(shape, value)
        case .normal(let std): .randn(shape, generator: generator) * std
        case .uniform(let bound): (.rand(shape, generator: generator) * 2 - 1) * bound
        case .fanIn(let count):
            (.rand(shape, generator: generator) * 2 - 1) * (1 / Double(Swift.max(1, count)).squareRoot())
        }
    }
}

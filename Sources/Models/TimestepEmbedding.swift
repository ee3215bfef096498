import Foundation
import NN
import Torch

/// Sinusoidal embedding of timesteps: the first half cosines, the second sines, of t · 10000^(−i / (width / 2)).
///
/// Computed in float32 (Vaswani et al. 2017, section 3.5; diffusers' `Timesteps` with `flip_sin_to_cos`, shift 0).
///
/// - Parameters:
///   - timesteps: (batch), of any number type
///   - width: even
/// - Returns: (batch, width) in float32
func sinusoidalEmbedding(_ timesteps: Tensor, width: Int) -> Tensor {
    let half = width / 2
    let exponents = Tensor.arange(half).to(timesteps.device) * -log(10000.0) / Double(half)
    let angles = timesteps.to(.float32).unsqueeze(1) * exponents.exp().unsqueeze(0)
    return Tensor.cat([angles.cos(), angles.sin()], dim: 1)
}

/// Two linear layers with SiLU between them: from (batch, width) of any floating type to (batch, out) in the weights'.
struct SiLUPerceptron {
    let linear1: Linear
    let linear2: Linear

    init(_ p: ParameterScope, width: Int, hidden: Int, out: Int) {
        linear1 = Linear(p / "linear_1", width, hidden)
        linear2 = Linear(p / "linear_2", hidden, out)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { linear2(linear1.casting(x).silu()) }
}

/// Two linear layers with SiLU between them, over a sinusoidal embedding.
final class TimestepEmbedding {
    private let width: Int
    private let layers: SiLUPerceptron

    /// - Parameters:
    ///   - width: of the sinusoidal embedding
    ///   - hidden: between the two layers
    ///   - out: what comes out; as `hidden` unless given
    init(_ p: ParameterScope, width: Int, hidden: Int, out: Int? = nil) {
        self.width = width
        layers = SiLUPerceptron(p, width: width, hidden: hidden, out: out ?? hidden)
    }

    /// - Parameter timesteps: (batch), on any device
    /// - Returns: (batch, out), in the weights' dtype
    func callAsFunction(_ timesteps: Tensor) -> Tensor {
        layers(sinusoidalEmbedding(timesteps.to(layers.linear1.weight.device), width: width))
    }
}

import NN
import Torch

/// The widths that CLIP's two transformers are made with.
struct CLIPEncoderShape {
    let width: Int
    let inner: Int
    let layers: Int
    let heads: Int
    let activation: Activation
    let eps: Double
}

/// CLIP's transformer: pre-norm blocks of self-attention and a two-layer perceptron (Radford et al. 2021).
final class CLIPEncoder {
    private let name: String
    private let layers: [CLIPEncoderLayer]

    init(_ p: ParameterScope, _ shape: CLIPEncoderShape) {
        name = p.prefix
        layers = (0..<shape.layers).map { CLIPEncoderLayer(p / "layers" / $0, shape) }
    }

    /// - Parameters:
    ///   - x: (batch, tokens, width)
    ///   - causal: a token sees itself and those before it only
    /// - Returns: (batch, tokens, width)
    func callAsFunction(_ x: Tensor, causal: Bool, probe: LayerProbe?) -> Tensor {
        layers.enumerated().reduce(x) { x, layer in
            let x = layer.element(x, causal: causal)
            probe?("\(name).layers.\(layer.offset)", x)
            return x
        }
    }
}

private final class CLIPEncoderLayer {
    private let heads: Int
    private let activation: Activation
    private let norm1: LayerNorm
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let out: Linear
    private let norm2: LayerNorm
    private let fc1: Linear
    private let fc2: Linear

    /// Initial weights as in transformers: they shrink with the width, those that write into the residual also with
    /// the depth.
    init(_ p: ParameterScope, _ shape: CLIPEncoderShape) {
        let width = shape.width
        let std = 1 / Double(width).squareRoot()
        let residualStd = std / Double(2 * shape.layers).squareRoot()
        let attention = p / "self_attn"
        heads = shape.heads
        activation = shape.activation
        norm1 = LayerNorm(p / "layer_norm1", width, eps: shape.eps)
        query = Linear(attention / "q_proj", width, width, initial: .normal(std: residualStd))
        key = Linear(attention / "k_proj", width, width, initial: .normal(std: residualStd))
        value = Linear(attention / "v_proj", width, width, initial: .normal(std: residualStd))
        out = Linear(attention / "out_proj", width, width, initial: .normal(std: std))
        norm2 = LayerNorm(p / "layer_norm2", width, eps: shape.eps)
        fc1 = Linear(p / "mlp" / "fc1", width, shape.inner, initial: .normal(std: std / 2.0.squareRoot()))
        fc2 = Linear(p / "mlp" / "fc2", shape.inner, width, initial: .normal(std: residualStd))
    }

    func callAsFunction(_ x: Tensor, causal: Bool) -> Tensor {
        let h = norm1(x)
        let attended = KeyValue(key(h), value(h), heads: heads).attended(by: query(h), heads: heads, causal: causal)
        let x = x + out(attended)
        return x + fc2(activation(fc1(norm2(x))))
    }
}

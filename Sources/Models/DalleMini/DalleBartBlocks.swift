import NN
import Torch

/// The gated feed-forward layer: W₂ · LN(GELU(W₀ LN(x)) ⊙ W₁ LN(x)) (Shazeer 2020, "GEGLU", with NormFormer's second
/// normalisation; min-dalle's `GLU`).
struct DalleBartFeedForward {
    private let outerNorm: LayerNorm
    private let innerNorm: LayerNorm
    private let gate: Linear
    private let up: Linear
    private let down: Linear

    init(_ p: ParameterScope, width: Int, inner: Int) {
        outerNorm = LayerNorm(p / "ln0", width)
        innerNorm = LayerNorm(p / "ln1", inner)
        gate = Linear(p / "fc0", width, inner, bias: false)
        up = Linear(p / "fc1", width, inner, bias: false)
        down = Linear(p / "fc2", inner, width, bias: false)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let x = outerNorm(x)
        return down(innerNorm(gate(x).gelu() * up(x)))
    }
}

/// Attention without biases, normalised before and after (Shleifer et al. 2021, "NormFormer").
struct DalleBartAttention {
    private let heads: Int
    private let before: LayerNorm
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let out: Linear
    private let after: LayerNorm

    /// - Parameters:
    ///   - p: the layer's scope
    ///   - name: `self_attn` or `encoder_attn`
    init(_ p: ParameterScope, _ name: String, width: Int, heads: Int) {
        self.heads = heads
        before = LayerNorm(p / "pre_\(name)_layer_norm", width)
        query = Linear(p / name / "q_proj", width, width, bias: false)
        key = Linear(p / name / "k_proj", width, width, bias: false)
        value = Linear(p / name / "v_proj", width, width, bias: false)
        out = Linear(p / name / "out_proj", width, width, bias: false)
        after = LayerNorm(p / "\(name)_layer_norm", width)
    }

    /// Keys and values of tokens, (batch, tokens, width).
    func keyValue(of tokens: Tensor) -> KeyValue { KeyValue(key(tokens), value(tokens), heads: heads) }

    /// - Parameters:
    ///   - x: (batch, queries, width)
    ///   - seen: makes the keys and values that are looked at from the normalised queries
    ///   - mask: added to the scores
    /// - Returns: what is added to `x`
    func callAsFunction(_ x: Tensor, mask: Tensor?, seen: (_ normalised: Tensor) -> KeyValue) -> Tensor {
        let x = before(x)
        return after(out(seen(x).attended(by: query(x), heads: heads, mask: mask)))
    }
}

import NN
import Torch

/// The text encoder of DALL·E mini: BART's with gated feed-forward layers (Dayma et al. 2021; min-dalle's
/// `DalleBartEncoder`).
public final class DalleBartEncoder {
    public let config: DalleBartConfig
    private let tokens: Embedding
    private let positions: Embedding
    private let norm: LayerNorm
    private let layers: [(attention: DalleBartAttention, feedForward: DalleBartFeedForward)]
    private let finalNorm: LayerNorm

    public init(_ config: DalleBartConfig, _ p: ParameterScope) {
        self.config = config
        let (width, stack) = (config.width, config.encoder)
        tokens = Embedding(p / "embed_tokens", config.textVocabulary, width)
        positions = Embedding(p / "embed_positions", config.textLength, width)
        norm = LayerNorm(p / "layernorm_embedding", width)
        layers = (0..<stack.layers).map { index in
            let scope = p / "layers" / index
            return (
                DalleBartAttention(scope, "self_attn", width: width, heads: stack.heads),
                DalleBartFeedForward(scope / "glu", width: width, inner: stack.inner)
            )
        }
        finalNorm = LayerNorm(p / "final_ln", width)
    }

    /// - Parameters:
    ///   - ids: (texts, text length) int64
    ///   - mask: the same shape, true where there is a token
    /// - Returns: (texts, text length, width)
    public func callAsFunction(_ ids: Tensor, mask: Tensor) -> Tensor {
        let additive = Self.additive(mask, norm.weight.dtype)
        var x = norm(tokens(ids) + positions.weight.narrow(dim: 0, start: 0, length: ids.size(1)))
        for layer in layers {
            x = x + layer.attention(x, mask: additive) { layer.attention.keyValue(of: $0) }
            x = x + layer.feedForward(x)
        }
        return finalNorm(x)
    }

    /// A mask of tokens as it is added to attention scores: (texts, 1, 1, tokens).
    static func additive(_ mask: Tensor, _ dtype: DType) -> Tensor {
        mask.additiveMask(dtype).unsqueeze(1).unsqueeze(1)
    }
}

import NN
import Torch

/// The decoder of DALL·E mini, which predicts a picture's tokens one after the other (Dayma et al. 2021; min-dalle's
/// `DalleBartDecoder`).
public final class DalleBartDecoder {
    public let config: DalleBartConfig
    private let tokens: Embedding
    private let positions: Embedding
    private let norm: LayerNorm
    private let layers: [Layer]
    private let finalNorm: LayerNorm
    private let head: Linear

    private struct Layer {
        let own: DalleBartAttention
        let text: DalleBartAttention
        let feedForward: DalleBartFeedForward
    }

    /// What the decoder has seen: keys and values of the texts, computed once, and of the image tokens so far.
    public final class Memory {
        fileprivate let texts: [KeyValue]
        fileprivate let textMask: Tensor
        fileprivate let own: [KeyValueCache]

        fileprivate init(texts: [KeyValue], textMask: Tensor, own: [KeyValueCache]) {
            (self.texts, self.textMask, self.own) = (texts, textMask, own)
        }
    }

    public init(_ config: DalleBartConfig, _ p: ParameterScope) {
        self.config = config
        let (width, stack) = (config.width, config.decoder)
        tokens = Embedding(p / "embed_tokens", config.imageVocabulary + 1, width)
        positions = Embedding(p / "embed_positions", config.imageLength, width)
        norm = LayerNorm(p / "layernorm_embedding", width)
        layers = (0..<stack.layers).map { index in
            let scope = p / "layers" / index
            return Layer(
                own: DalleBartAttention(scope, "self_attn", width: width, heads: stack.heads),
                text: DalleBartAttention(scope, "encoder_attn", width: width, heads: stack.heads),
                feedForward: DalleBartFeedForward(scope / "glu", width: width, inner: stack.inner))
        }
        finalNorm = LayerNorm(p / "final_ln", width)
        head = Linear(p / "lm_head", width, config.imageVocabulary + 1, bias: false)
    }

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - states: (rows, text tokens, width), of `DalleBartEncoder`
    ///   - mask: (rows, text tokens), true where there is a token
    public func begin(states: Tensor, mask: Tensor) -> Memory {
        let (rows, dtype) = (states.size(0), norm.weight.dtype)
        let heads = config.decoder.heads
        return Memory(
            texts: layers.map { $0.text.keyValue(of: states.to(dtype)) },
            textMask: DalleBartEncoder.additive(mask, dtype),
            own: layers.map { _ in
                KeyValueCache(
                    [rows, heads, config.imageLength, config.width / heads], dtype: dtype, device: states.device)
            })
    }

    /// Sees one more token of each row.
    ///
    /// - Parameters:
    ///   - ids: (rows) int64: the tokens before `position`, the start token at 0
    ///   - position: 0…imageLength − 1, one more than in the last call
    /// - Returns: (rows, image vocabulary + 1): logits of the token at `position`
    public func callAsFunction(_ ids: Tensor, position: Int, memory: Memory) -> Tensor {
        var x = tokens(ids.unsqueeze(1)) + positions.weight.narrow(dim: 0, start: position, length: 1)
        x = norm(x)
        for (index, layer) in layers.enumerated() {
            x =
                x
                + layer.own(x, mask: nil) { normalised in
                    memory.own[index].taking(layer.own.keyValue(of: normalised), at: position)
                }
            x = x + layer.text(x, mask: memory.textMask) { _ in memory.texts[index] }
            x = x + layer.feedForward(x)
        }
        return head(finalNorm(x)).squeeze(1)
    }
}

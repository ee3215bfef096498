import NN
import Torch

/// CLIP's text encoder without a projection (transformers' `CLIPTextModel`).
public final class CLIPTextModel {
    public let config: CLIPTextConfig
    private let tokens: Embedding
    private let positions: Embedding
    private let encoder: CLIPEncoder
    private let norm: LayerNorm

    public init(_ config: CLIPTextConfig, _ p: ParameterScope) {
        self.config = config
        // transformers 5 writes an encoder without a projection without this prefix.
        let model = p.sourceHas("embeddings") ? p : p / "text_model"
        let embeddings = model / "embeddings"
        let width = config.hiddenSize
        tokens = Embedding(embeddings / "token_embedding", config.vocabSize, width, initial: .normal(std: 0.02))
        positions = Embedding(
            embeddings / "position_embedding", config.maxPositionEmbeddings, width, initial: .normal(std: 0.02))
        // Older checkpoints carry the numbers 0, 1, 2… beside the weights.
        embeddings.store.ignore([embeddings.prefix + ".position_ids"])
        encoder = CLIPEncoder(
            model / "encoder",
            CLIPEncoderShape(
                width: width, inner: config.intermediateSize, layers: config.numHiddenLayers,
                heads: config.numAttentionHeads, activation: config.hiddenAct, eps: config.layerNormEps))
        norm = LayerNorm(model / "final_layer_norm", width, eps: config.layerNormEps)
    }

    /// - Parameter ids: (batch, tokens) int64, at most `max_position_embeddings` tokens. Padding is attended to like
    ///   any token, but only by tokens after it: the mask is causal, as the reference pipelines have it.
    /// - Returns: (batch, tokens, width), after the final normalisation
    public func callAsFunction(_ ids: Tensor, probe: LayerProbe? = nil) -> Tensor {
        let embedded = tokens(ids) + positions.weight.narrow(dim: 0, start: 0, length: ids.size(1))
        probe?("text_model.embeddings", embedded)
        let states = norm(encoder(embedded, causal: true, probe: probe))
        probe?("text_model.final_layer_norm", states)
        return states
    }
}

/// CLIP's text encoder with its projection into the space shared with pictures (transformers'
/// `CLIPTextModelWithProjection`).
public final class CLIPTextModelWithProjection {
    public struct Output {
        /// (batch, tokens, width), after the final normalisation.
        public let lastHiddenState: Tensor
        /// (batch, projection width): the state of the end token, projected; not normalised.
        public let textEmbeds: Tensor
    }

    public let config: CLIPTextConfig
    private let model: CLIPTextModel
    private let projection: Linear

    public init(_ config: CLIPTextConfig, _ p: ParameterScope) {
        self.config = config
        model = CLIPTextModel(config, p)
        projection = Linear(
            p / "text_projection", config.hiddenSize, config.projectionDim, bias: false,
            initial: .normal(std: 1 / Double(config.hiddenSize).squareRoot()))
    }

    /// - Parameter ids: as `CLIPTextModel` takes them.
    public func callAsFunction(_ ids: Tensor, probe: LayerProbe? = nil) -> Output {
        let states = model(ids, probe: probe)
        return Output(lastHiddenState: states, textEmbeds: projection(pool(states, ids)))
    }

    /// The state at the end token: the first one, or where the id is largest if `eos_token_id` is 2.
    private func pool(_ states: Tensor, _ ids: Tensor) -> Tensor {
        let isEnd = config.eosTokenID == 2 ? ids : ids.eq(scalar: Double(config.eosTokenID)).to(.int32)
        let position = isEnd.argmax(dim: 1).reshape([-1, 1, 1]).expand([-1, 1, states.size(2)])
        return states.gather(dim: 1, index: position).squeeze(1)
    }
}

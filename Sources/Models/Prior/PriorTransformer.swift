import NN
import Torch

/// What the prior is conditioned on. Under guidance the first half of the batch is the unconditional one.
public struct PriorText {
    /// (batch, width): the pooled and projected text embedding.
    public let embeds: Tensor
    /// (batch, tokens, width): the text encoder's last hidden state.
    public let states: Tensor
    /// (batch, tokens) bool: true for the words and the start and end tokens, false for padding.
    public let mask: Tensor

    public init(embeds: Tensor, states: Tensor, mask: Tensor) {
        self.embeds = embeds
        self.states = states
        self.mask = mask
    }
}

/// The part of a prior's computation that no step changes: made once per run by `PriorTransformer.prepare`.
public struct PriorContext {
    /// For each block the keys and values of the constant tokens.
    fileprivate let past: [KeyValue]
    /// (batch, 1, 3, tokens): what the last three tokens may see, added to the scores.
    fileprivate let mask: Tensor
}

/// The diffusion prior: a causal transformer that predicts a CLIP image embedding from a noised one and the text
/// (Ramesh et al. 2022, section 2.2; diffusers' `PriorTransformer`).
///
/// Its sequence is the text states, the text embedding, the timestep, the noised embedding and a learned query, at
/// whose place the prediction is read. As attention is causal, all but the last three tokens are the same at every
/// step; `prepare` computes them once.
public final class PriorTransformer {
    public let config: PriorConfig
    /// (1, width): mean and standard deviation of the CLIP embeddings; what is denoised is standardised with them.
    public let clipMean: Tensor
    public let clipStd: Tensor

    private let timeEmbedding: TimestepEmbedding
    private let latentsIn: Linear
    private let embedsIn: Linear
    private let statesIn: Linear
    private let positions: Tensor
    private let query: Tensor
    private let blocks: [PriorBlock]
    private let norm: LayerNorm
    private let out: Linear

    public init(_ config: PriorConfig, _ p: ParameterScope) {
        self.config = config
        let width = config.width
        timeEmbedding = TimestepEmbedding(
            p / "time_embedding", width: width, hidden: config.timeEmbedDim ?? width, out: width)
        latentsIn = Linear(p / "proj_in", config.embeddingDim, width)
        embedsIn = Linear(p / "embedding_proj", config.embeddingProjDim ?? config.embeddingDim, width)
        statesIn = Linear(p / "encoder_hidden_states_proj", config.embeddingDim, width)
        positions = p.parameter("positional_embedding", [1, config.tokens, width], .normal(std: 0.01))
        query = p.parameter("prd_embedding", [1, 1, width], .normal(std: 0.01))
        blocks = (0..<config.numLayers).map {
            PriorBlock(p / "transformer_blocks" / $0, width: width, heads: config.numAttentionHeads)
        }
        norm = LayerNorm(p / "norm_out", width)
        out = Linear(p / "proj_to_clip_embeddings", width, config.latentWidth)
        clipMean = p.buffer("clip_mean", [1, config.latentWidth], .zeros)
        clipStd = p.buffer("clip_std", [1, config.latentWidth], .ones)
    }

    /// One prediction with nothing kept from before, as in training.
    ///
    /// - Parameters:
    ///   - latents: (batch, width): the noised, standardised image embeddings
    ///   - timesteps: (batch) or (1)
    /// - Returns: (batch, width): the predicted image embeddings, standardised
    public func callAsFunction(
        _ latents: Tensor, _ timesteps: Tensor, text: PriorText, probe: LayerProbe? = nil
    ) -> Tensor {
        let tokens = Tensor.cat(
            [constantTokens(text, probe), steppedTokens(latents, timesteps, probe)], dim: 1)
        return predict(transform(tokens, past: nil, mask: mask(text.mask), probe).states, probe)
    }

    /// Computes what stays the same over the steps of a run.
    public func prepare(_ text: PriorText) -> PriorContext {
        let mask = mask(text.mask)
        let constant = config.constantTokens
        let seen = mask.narrow(dim: 2, start: 0, length: constant).narrow(dim: 3, start: 0, length: constant)
        return PriorContext(
            past: transform(constantTokens(text, nil), past: nil, mask: seen, nil).past,
            mask: mask.narrow(dim: 2, start: constant, length: config.tokens - constant))
    }

    /// One prediction with the constant tokens prepared; the same numbers as without, to rounding.
    public func callAsFunction(_ latents: Tensor, _ timesteps: Tensor, context: PriorContext) -> Tensor {
        let tokens = steppedTokens(latents, timesteps, nil)
        return predict(transform(tokens, past: context.past, mask: context.mask, nil).states, nil)
    }

    /// What the diffusion works on, from CLIP image embeddings (batch, width): (z − mean) / std.
    public func standardise(_ embeds: Tensor) -> Tensor { (embeds - clipMean) / clipStd }

    /// CLIP image embeddings from what the diffusion ends with: z · std + mean.
    public func postProcess(_ latents: Tensor) -> Tensor { latents * clipStd + clipMean }

    private func constantTokens(_ text: PriorText, _ probe: LayerProbe?) -> Tensor {
        let embeds = embedsIn.casting(text.embeds)
        probe?("embedding_proj", embeds)
        let states = statesIn.casting(text.states)
        probe?("encoder_hidden_states_proj", states)
        let tokens = Tensor.cat([states, embeds.unsqueeze(1)], dim: 1)
        return tokens + positions.narrow(dim: 1, start: 0, length: config.constantTokens)
    }

    private func steppedTokens(_ latents: Tensor, _ timesteps: Tensor, _ probe: LayerProbe?) -> Tensor {
        let batch = latents.size(0)
        let time = timeEmbedding(timesteps).expand([batch, -1])
        probe?("time_embedding", time)
        let noised = latentsIn.casting(latents)
        probe?("proj_in", noised)
        let query = query.expand([batch, -1, -1])
        let tokens = Tensor.cat([time.unsqueeze(1), noised.unsqueeze(1), query], dim: 1)
        let first = config.constantTokens
        return tokens + positions.narrow(dim: 1, start: first, length: config.tokens - first)
    }

    /// (batch, 1, tokens, tokens): −10000 for padding and, again, for tokens to come.
    private func mask(_ text: Tensor) -> Tensor {
        let padding = text.additiveMask(positions.dtype).constantPad([0, config.tokens - config.numEmbeddings])
        let tokens = config.tokens
        let future = Tensor.full([tokens, tokens], -10000, dtype: positions.dtype, device: positions.device).triu(
            diagonal: 1)
        return padding.unsqueeze(1).unsqueeze(1) + future
    }

    private func transform(
        _ tokens: Tensor, past: [KeyValue]?, mask: Tensor, _ probe: LayerProbe?
    ) -> (states: Tensor, past: [KeyValue]) {
        var states = tokens
        var seen: [KeyValue] = []
        for (index, block) in blocks.enumerated() {
            let result = block(states, past: past?[index], mask: mask, probe: probe)
            states = result.states
            seen.append(result.keyValue)
        }
        return (states, seen)
    }

    private func predict(_ states: Tensor, _ probe: LayerProbe?) -> Tensor {
        let normed = norm(states)
        probe?("norm_out", normed)
        return out(normed.select(dim: 1, index: -1))
    }
}

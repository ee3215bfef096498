import NN
import Torch

/// `config.json` of an `UnCLIPTextProjModel`, keys and defaults as in diffusers.
public struct UnCLIPTextProjConfig: Codable, Equatable, Sendable {
    public var clipExtraContextTokens = 4
    public var clipEmbeddingsDim = 768
    public var timeEmbedDim: Int
    public var crossAttentionDim: Int
    private let className = "UnCLIPTextProjModel"

    /// - Parameters:
    ///   - timeEmbedDim: width of the decoder's time embedding
    ///   - crossAttentionDim: width of the decoder's context tokens
    public init(timeEmbedDim: Int, crossAttentionDim: Int) {
        self.timeEmbedDim = timeEmbedDim
        self.crossAttentionDim = crossAttentionDim
    }

    enum CodingKeys: String, CodingKey {
        case clipExtraContextTokens = "clip_extra_context_tokens"
        case clipEmbeddingsDim = "clip_embeddings_dim"
        case timeEmbedDim = "time_embed_dim"
        case crossAttentionDim = "cross_attention_dim"
        case className = "_class_name"
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: className)
        clipExtraContextTokens = try reader.int(
            "clip_extra_context_tokens", default: clipExtraContextTokens, in: 1...1024)
        clipEmbeddingsDim = try reader.int("clip_embeddings_dim", default: clipEmbeddingsDim)
        timeEmbedDim = try reader.int("time_embed_dim")
        crossAttentionDim = try reader.int("cross_attention_dim")
    }
}

/// Turns CLIP's embeddings into what conditions the decoder (Ramesh et al. 2022, section 2.1; diffusers'
/// `UnCLIPTextProjModel`): a vector added to the time embedding, and context tokens, the picture's before the text's.
public final class UnCLIPTextProjModel: EmbeddingGuided {
    public struct Output {
        /// (batch, extra + text tokens, context width)
        public let context: Tensor
        /// (batch, time width)
        public let timeEmbedding: Tensor
    }

    public let config: UnCLIPTextProjConfig
    public let unconditionalEmbeds: Tensor
    private let textTime: Linear
    private let imageTime: Linear
    private let imageTokens: Linear
    private let textTokens: Linear
    private let textNorm: LayerNorm

    public init(_ config: UnCLIPTextProjConfig, _ p: ParameterScope) {
        self.config = config
        let clip = config.clipEmbeddingsDim
        let context = config.crossAttentionDim
        unconditionalEmbeds = p.parameter("learned_classifier_free_guidance_embeddings", [clip], .zeros)
        textTime = Linear(p / "embedding_proj", clip, config.timeEmbedDim)
        imageTime = Linear(p / "clip_image_embeddings_project_to_time_embeddings", clip, config.timeEmbedDim)
        imageTokens = Linear(
            p / "clip_extra_context_tokens_proj", clip, config.clipExtraContextTokens * context)
        textTokens = Linear(p / "encoder_hidden_states_proj", clip, context)
        textNorm = LayerNorm(p / "text_encoder_hidden_states_norm", context)
    }

    /// - Parameters:
    ///   - imageEmbeds: (batch, width), with the unconditional rows if there are any
    ///   - textEmbeds: (batch, width)
    ///   - textStates: (batch, tokens, width)
    public func callAsFunction(imageEmbeds: Tensor, textEmbeds: Tensor, textStates: Tensor) -> Output {
        let extra = config.clipExtraContextTokens
        let image = imageTokens.casting(imageEmbeds).reshape([imageEmbeds.size(0), -1, extra]).permute([0, 2, 1])
        let text = textNorm(textTokens.casting(textStates))
        return Output(
            context: Tensor.cat([image, text], dim: 1),
            timeEmbedding: imageTime.casting(imageEmbeds) + textTime.casting(textEmbeds))
    }

    /// The mask of the context tokens (batch, extra + text tokens) from the text's (batch, tokens): the picture's
    /// tokens are always seen.
    public func contextMask(_ textMask: Tensor) -> Tensor {
        textMask.to(.float32).constantPad([config.clipExtraContextTokens, 0], value: 1).gt(scalar: 0.5)
    }
}

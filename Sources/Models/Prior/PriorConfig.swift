/// `config.json` of a `PriorTransformer`, keys and defaults as in diffusers.
public struct PriorConfig: Codable, Equatable, Sendable {
    public var numAttentionHeads = 32
    public var attentionHeadDim = 64
    public var numLayers = 20
    /// Width of text states and of the embeddings that are denoised.
    public var embeddingDim = 768
    /// Number of text tokens.
    public var numEmbeddings = 77
    /// Width of the hidden layer over the timestep; nil is the transformer's own width.
    public var timeEmbedDim: Int?
    /// Width of the pooled text embedding; nil is `embeddingDim`.
    public var embeddingProjDim: Int?
    /// Width of the prediction; nil is `embeddingDim`.
    public var clipEmbedDim: Int?
    private let className = "PriorTransformer"

    public init() {}

    enum CodingKeys: String, CodingKey {
        case numAttentionHeads = "num_attention_heads"
        case attentionHeadDim = "attention_head_dim"
        case numLayers = "num_layers"
        case embeddingDim = "embedding_dim"
        case numEmbeddings = "num_embeddings"
        case timeEmbedDim = "time_embed_dim"
        case embeddingProjDim = "embedding_proj_dim"
        case clipEmbedDim = "clip_embed_dim"
        case className = "_class_name"
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: className)
        numAttentionHeads = try reader.int("num_attention_heads", default: numAttentionHeads, in: 1...4096)
        attentionHeadDim = try reader.int("attention_head_dim", default: attentionHeadDim, in: 1...4096)
        numLayers = try reader.int("num_layers", default: numLayers, in: 1...1024)
        embeddingDim = try reader.int("embedding_dim", default: embeddingDim)
        numEmbeddings = try reader.int("num_embeddings", default: numEmbeddings)
        timeEmbedDim = try reader.optionalInt("time_embed_dim")
        embeddingProjDim = try reader.optionalInt("embedding_proj_dim")
        clipEmbedDim = try reader.optionalInt("clip_embed_dim")
        try reader.require([
            "additional_embeddings": [.number(4)],
            "dropout": [.number(0)],
            "time_embed_act_fn": [.string("silu")],
            "norm_in_type": [.null],
            "embedding_proj_norm_type": [.null],
            "encoder_hid_proj_type": [.string("linear")],
            "added_emb_type": [.string("prd")],
        ])
        guard width % 2 == 0 else { throw reader.inconsistent("attention_head_dim", "an even width of all heads") }
    }

    /// Width of the transformer.
    var width: Int { numAttentionHeads * attentionHeadDim }
    var latentWidth: Int { clipEmbedDim ?? embeddingDim }
    /// Tokens that depend neither on the timestep nor on what is denoised: text states and the text embedding.
    var constantTokens: Int { numEmbeddings + 1 }
    /// All tokens: after the constant ones come the timestep, what is denoised, and the query.
    var tokens: Int { numEmbeddings + 4 }
}

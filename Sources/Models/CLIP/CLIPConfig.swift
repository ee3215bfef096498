/// `config.json` of a `CLIPTextModelWithProjection`, keys and defaults as in transformers.
public struct CLIPTextConfig: Codable, Equatable, Sendable {
    public var vocabSize = 49408
    public var hiddenSize = 512
    public var intermediateSize = 2048
    public var projectionDim = 512
    public var numHiddenLayers = 12
    public var numAttentionHeads = 8
    public var maxPositionEmbeddings = 77
    public var hiddenAct = Activation.quickGELU
    public var layerNormEps = 1e-5
    /// 2 stands for an old mistake in configurations and means: pool where the token id is largest.
    public var eosTokenID = 49407
    /// For other readers of the file; the network does not use it.
    public var bosTokenID = 49406
    /// For other readers of the file; the network does not use it.
    public var padTokenID = 1
    private let architectures = ["CLIPTextModelWithProjection"]
    private let modelType = "clip_text_model"

    public init() {}

    enum CodingKeys: String, CodingKey {
        case vocabSize = "vocab_size"
        case hiddenSize = "hidden_size"
        case intermediateSize = "intermediate_size"
        case projectionDim = "projection_dim"
        case numHiddenLayers = "num_hidden_layers"
        case numAttentionHeads = "num_attention_heads"
        case maxPositionEmbeddings = "max_position_embeddings"
        case hiddenAct = "hidden_act"
        case layerNormEps = "layer_norm_eps"
        case eosTokenID = "eos_token_id"
        case bosTokenID = "bos_token_id"
        case padTokenID = "pad_token_id"
        case architectures
        case modelType = "model_type"
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: "CLIPTextModelWithProjection")
        vocabSize = try reader.int("vocab_size", default: vocabSize)
        hiddenSize = try reader.int("hidden_size", default: hiddenSize)
        intermediateSize = try reader.int("intermediate_size", default: intermediateSize)
        projectionDim = try reader.int("projection_dim", default: projectionDim)
        numHiddenLayers = try reader.int("num_hidden_layers", default: numHiddenLayers, in: 1...1024)
        numAttentionHeads = try reader.int("num_attention_heads", default: numAttentionHeads)
        maxPositionEmbeddings = try reader.int("max_position_embeddings", default: maxPositionEmbeddings)
        hiddenAct = try reader.activation("hidden_act", default: hiddenAct)
        layerNormEps = try reader.double("layer_norm_eps", default: layerNormEps)
        eosTokenID = try reader.int("eos_token_id", default: eosTokenID, in: 0...1_048_576)
        bosTokenID = try reader.optionalInt("bos_token_id", in: 0...1_048_576) ?? bosTokenID
        padTokenID = try reader.optionalInt("pad_token_id", in: 0...1_048_576) ?? padTokenID
        try reader.requireCLIP(width: hiddenSize, heads: numAttentionHeads)
    }
}

/// `config.json` of a `CLIPVisionModelWithProjection`, keys and defaults as in transformers.
public struct CLIPVisionConfig: Codable, Equatable, Sendable {
    public var hiddenSize = 768
    public var intermediateSize = 3072
    public var projectionDim = 512
    public var numHiddenLayers = 12
    public var numAttentionHeads = 12
    public var numChannels = 3
    /// Height and width of the pictures, in pixels.
    public var imageSize = 224
    /// Height and width of a patch, in pixels.
    public var patchSize = 32
    public var hiddenAct = Activation.quickGELU
    public var layerNormEps = 1e-5
    private let architectures = ["CLIPVisionModelWithProjection"]
    private let modelType = "clip_vision_model"

    public init() {}

    enum CodingKeys: String, CodingKey {
        case hiddenSize = "hidden_size"
        case intermediateSize = "intermediate_size"
        case projectionDim = "projection_dim"
        case numHiddenLayers = "num_hidden_layers"
        case numAttentionHeads = "num_attention_heads"
        case numChannels = "num_channels"
        case imageSize = "image_size"
        case patchSize = "patch_size"
        case hiddenAct = "hidden_act"
        case layerNormEps = "layer_norm_eps"
        case architectures
        case modelType = "model_type"
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: "CLIPVisionModelWithProjection")
        hiddenSize = try reader.int("hidden_size", default: hiddenSize)
        intermediateSize = try reader.int("intermediate_size", default: intermediateSize)
        projectionDim = try reader.int("projection_dim", default: projectionDim)
        numHiddenLayers = try reader.int("num_hidden_layers", default: numHiddenLayers, in: 1...1024)
        numAttentionHeads = try reader.int("num_attention_heads", default: numAttentionHeads)
        numChannels = try reader.int("num_channels", default: numChannels)
        imageSize = try reader.int("image_size", default: imageSize, in: 1...16384)
        patchSize = try reader.int("patch_size", default: patchSize, in: 1...imageSize)
        hiddenAct = try reader.activation("hidden_act", default: hiddenAct)
        layerNormEps = try reader.double("layer_norm_eps", default: layerNormEps)
        try reader.requireCLIP(width: hiddenSize, heads: numAttentionHeads)
    }
}

extension ConfigurationReader {
    /// What both encoders ask of a configuration.
    fileprivate func requireCLIP(width: Int, heads: Int) throws {
        guard width % heads == 0 else {
            throw inconsistent("num_attention_heads", "a divisor of hidden_size, \(width)")
        }
        try require(["attention_dropout": [.number(0), .null]])
    }
}

/// `config.json` of a `UNet2DConditionModel`, keys and defaults as in diffusers, `inpainting_channels` and `sketch_size` of our
/// own.
public struct UNet2DConditionConfig: Codable, Equatable, Sendable {
    public var layout: UNetLayout
    /// At each level the width of an attention head; in transformer blocks the number of heads, under the same name.
    public var attentionHeadDim: [Int]
    /// Width of the context tokens.
    public var crossAttentionDim: Int
    /// What is added to the time embedding, by name in `UNetConditioning.timeEmbeddings`.
    public var classEmbedType: String?
    public var additionEmbedType: String?
    /// Where the context tokens come from, by name in `UNetConditioning.contexts`; nil: they are given.
    public var encoderHidDimType: String?
    /// Width of what the context tokens are made from.
    public var encoderHidDim: Int?
    /// Width of the vector that `class_embed_type` `projection` brings into the time embedding.
    public var projectionClassEmbeddingsInputDim: Int?
    /// Blocks of a transformer at each level.
    public var transformerLayersPerBlock: [Int]
    /// Whether transformers go in and out by linear layers rather than by 1 × 1 convolutions.
    public var useLinearProjection = false
    /// How many of a sample's last channels, before they are folded, carry the known picture and the mask; their weights
    /// start at 0, so that training begins with a network that does not see them.
    public var inpaintingChannels = 0
    /// Height and width of the RGB sketch, enlarged, that the channels after those carry, in pixels; nil: there is none.
    /// Their weights start at 0 too.
    public var sketchSize: Int?
    private let className = Self.className

    private static let className = "UNet2DConditionModel"

    /// - Parameters:
    ///   - layout: with block types from `UNetBlockType`
    ///   - headWidth: of attention, at every level
    public init(layout: UNetLayout, headWidth: Int, crossAttentionDim: Int, classEmbedType: String? = "identity") {
        self.layout = layout
        attentionHeadDim = Array(repeating: headWidth, count: layout.blockOutChannels.count)
        self.crossAttentionDim = crossAttentionDim
        self.classEmbedType = classEmbedType
        transformerLayersPerBlock = Array(repeating: 1, count: layout.blockOutChannels.count)
    }

    enum CodingKeys: String, CodingKey {
        case attentionHeadDim = "attention_head_dim"
        case crossAttentionDim = "cross_attention_dim"
        case classEmbedType = "class_embed_type"
        case additionEmbedType = "addition_embed_type"
        case encoderHidDimType = "encoder_hid_dim_type"
        case encoderHidDim = "encoder_hid_dim"
        case projectionClassEmbeddingsInputDim = "projection_class_embeddings_input_dim"
        case transformerLayersPerBlock = "transformer_layers_per_block"
        case useLinearProjection = "use_linear_projection"
        case inpaintingChannels = "inpainting_channels"
        case sketchSize = "sketch_size"
        case className = "_class_name"
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: Self.className)
        layout = try UNetLayout(reader, defaults: Self.defaults)
        attentionHeadDim = try reader.levels(
            "attention_head_dim", count: layout.blockOutChannels.count, default: 8)
        crossAttentionDim = try reader.int("cross_attention_dim", default: 1280)
        classEmbedType = try reader.optionalString("class_embed_type")
        additionEmbedType = try reader.optionalString("addition_embed_type")
        encoderHidDimType = try reader.optionalString("encoder_hid_dim_type")
        encoderHidDim = try reader.optionalInt("encoder_hid_dim")
        projectionClassEmbeddingsInputDim = try reader.optionalInt("projection_class_embeddings_input_dim")
        transformerLayersPerBlock = try reader.levels(
            "transformer_layers_per_block", count: layout.blockOutChannels.count, default: 1)
        guard transformerLayersPerBlock.allSatisfy({ $0 <= 64 }) else {
            throw reader.invalid("transformer_layers_per_block", "1 to 64")
        }
        useLinearProjection = try reader.bool("use_linear_projection", default: false)
        inpaintingChannels = try reader.int(
            "inpainting_channels", default: 0, in: 0...max(0, layout.sampleChannels.in - 1))
        sketchSize = try reader.optionalInt("sketch_size")
        guard noisyChannels > 0 else {
            throw reader.inconsistent("sketch_size", "with more in_channels than the known picture and the sketch take")
        }
        try reader.require(Self.supported)
    }

    /// Channels of the sketch.
    var sketchChannels: Int { sketchSize == nil ? 0 : 3 }
    /// Channels of the sample that is denoised.
    public var noisyChannels: Int { layout.sampleChannels.in - inpaintingChannels - sketchChannels }

    public func encode(to encoder: any Encoder) throws {
        try layout.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        if Set(attentionHeadDim).count == 1 {
            try container.encode(attentionHeadDim[0], forKey: .attentionHeadDim)
        } else {
            try container.encode(attentionHeadDim, forKey: .attentionHeadDim)
        }
        try container.encode(crossAttentionDim, forKey: .crossAttentionDim)
        try container.encodeIfPresent(classEmbedType, forKey: .classEmbedType)
        try container.encodeIfPresent(additionEmbedType, forKey: .additionEmbedType)
        try container.encodeIfPresent(encoderHidDimType, forKey: .encoderHidDimType)
        try container.encodeIfPresent(encoderHidDim, forKey: .encoderHidDim)
        try container.encodeIfPresent(projectionClassEmbeddingsInputDim, forKey: .projectionClassEmbeddingsInputDim)
        if transformerLayersPerBlock.contains(where: { $0 != 1 }) {
            try container.encode(transformerLayersPerBlock, forKey: .transformerLayersPerBlock)
        }
        if useLinearProjection { try container.encode(true, forKey: .useLinearProjection) }
        if inpaintingChannels > 0 { try container.encode(inpaintingChannels, forKey: .inpaintingChannels) }
        try container.encodeIfPresent(sketchSize, forKey: .sketchSize)
        try container.encode(className, forKey: .className)
    }

    private static let defaults = UNetLayout(
        channels: 4, blockOutChannels: [320, 640, 1280, 1280],
        downBlockTypes: ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"],
        midBlockType: "UNetMidBlock2DCrossAttn",
        upBlockTypes: ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"])

    private static let supported: KeyValuePairs<ConfigurationKey, [ConfigurationValue]> = [
        "only_cross_attention": [.bool(false)],
        "mid_block_only_cross_attention": [.null, .bool(false)],
        "cross_attention_norm": [.null],
        "num_attention_heads": [.null],
        "dual_cross_attention": [.bool(false)],
        "attention_type": [.string("default")],
        // Scores are summed in float32 either way.
        "upcast_attention": [.bool(false), .bool(true)],
        "reverse_transformer_layers_per_block": [.null],
        "downsample_padding": [.number(1)],
        "resnet_skip_time_act": [.bool(false)],
        "resnet_out_scale_factor": [.number(1)],
        "time_embedding_act_fn": [.null],
        "timestep_post_act": [.null],
        "time_cond_proj_dim": [.null],
        "class_embeddings_concat": [.bool(false)],
        "conv_in_kernel": [.number(3)],
        "conv_out_kernel": [.number(3)],
    ]
}

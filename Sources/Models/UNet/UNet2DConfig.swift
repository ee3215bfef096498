/// `config.json` of a `UNet2DModel`, keys and defaults as in diffusers.
public struct UNet2DConfig: Codable, Equatable, Sendable {
    public var layout: UNetLayout
    /// Whether the middle block has attention. Off in all that Limn runs; the reference's default is on.
    public private(set) var addAttention = false
    private let className = Self.className

    private static let className = "UNet2DModel"

    /// Residual blocks alone at every level, as in Karlo's upsamplers.
    ///
    /// - Parameter channels: of the samples, before they are folded
    public init(inChannels: Int, outChannels: Int, blockOutChannels: [Int], patchSize: Int = 1) {
        let levels = blockOutChannels.count
        layout = UNetLayout(
            channels: 3, blockOutChannels: blockOutChannels,
            downBlockTypes: Array(repeating: "ResnetDownsampleBlock2D", count: levels),
            midBlockType: "UNetMidBlock2D",
            upBlockTypes: Array(repeating: "ResnetUpsampleBlock2D", count: levels))
        layout.inChannels = inChannels * patchSize * patchSize
        layout.outChannels = outChannels * patchSize * patchSize
        layout.patchSize = patchSize
    }

    enum CodingKeys: String, CodingKey {
        case addAttention = "add_attention"
        case className = "_class_name"
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: Self.className)
        layout = try UNetLayout(reader, defaults: Self.defaults)
        addAttention = try reader.bool("add_attention", default: true)
        guard !addAttention else {
            throw reader.unsupported("add_attention", "true, its default,", "false")
        }
        // A key of Limn's own once: such a network is another one, and would draw nonsense as this.
        try reader.require(["class_embed_type": [.null], "residual": [.bool(false)]])
    }

    public func encode(to encoder: any Encoder) throws {
        try layout.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(addAttention, forKey: .addAttention)
        try container.encode(className, forKey: .className)
    }

    private static let defaults = UNetLayout(
        channels: 3, blockOutChannels: [224, 448, 672, 896],
        downBlockTypes: ["DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"],
        midBlockType: "UNetMidBlock2D",
        upBlockTypes: ["AttnUpBlock2D", "AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"])
}

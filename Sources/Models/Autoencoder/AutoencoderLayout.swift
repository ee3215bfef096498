/// The part of an autoencoder's `config.json` that diffusers' `VQModel` and `AutoencoderKL` share.
public struct AutoencoderLayout: Equatable, Sendable {
    /// Channels of a picture.
    public var inChannels: Int
    public var outChannels: Int
    public var latentChannels: Int
    /// From the finest level to the coarsest.
    public var blockOutChannels: [Int]
    /// For each level of the encoder, from the finest, whether attention follows its residual blocks.
    public var downAttention: [Bool]
    /// The same for the decoder, from the coarsest.
    public var upAttention: [Bool]
    /// Residual blocks at a level of the encoder; the decoder has one more.
    public var layersPerBlock: Int
    public var normNumGroups: Int
    /// Whether the middle block has attention.
    public var hasMidAttention: Bool

    /// A decoder alone.
    init(
        outChannels: Int, latentChannels: Int, blockOutChannels: [Int], upAttention: [Bool], layersPerBlock: Int,
        normNumGroups: Int
    ) {
        (inChannels, self.outChannels, self.latentChannels) = (outChannels, outChannels, latentChannels)
        (self.blockOutChannels, self.upAttention) = (blockOutChannels, upAttention)
        downAttention = upAttention.reversed()
        (self.layersPerBlock, self.normNumGroups, hasMidAttention) = (layersPerBlock, normNumGroups, true)
    }

    init(_ reader: ConfigurationReader) throws {
        inChannels = try reader.int("in_channels", default: 3)
        outChannels = try reader.int("out_channels", default: 3)
        blockOutChannels = try reader.ints("block_out_channels", default: [64])
        layersPerBlock = try reader.int("layers_per_block", default: 1, in: 1...64)
        normNumGroups = try reader.int("norm_num_groups", default: 32)
        hasMidAttention = try reader.bool("mid_block_add_attention", default: true)
        latentChannels = try reader.int("latent_channels", default: 4)
        let levels = blockOutChannels.count
        func attention(_ key: ConfigurationKey, plain: String, attending: String) throws -> [Bool] {
            let names = try reader.strings(key, default: [plain])
            guard names.count == levels else {
                throw reader.inconsistent(key, "\(levels) names, one for each of block_out_channels")
            }
            return try names.map { name in
                guard name == plain || name == attending else {
                    throw reader.unsupported(key, "\"\(name)\"", "\"\(plain)\" or \"\(attending)\"")
                }
                return name == attending
            }
        }
        downAttention = try attention(
            "down_block_types", plain: "DownEncoderBlock2D", attending: "AttnDownEncoderBlock2D")
        upAttention = try attention("up_block_types", plain: "UpDecoderBlock2D", attending: "AttnUpDecoderBlock2D")
        guard blockOutChannels.allSatisfy({ $0 % normNumGroups == 0 }) else {
            throw reader.inconsistent("norm_num_groups", "a divisor of all block_out_channels, \(blockOutChannels)")
        }
        try reader.require(["act_fn": [.string("silu"), .string("swish")]])
    }

    /// How many times smaller latents are than pictures, in height and width.
    public var factor: Int { 1 << (blockOutChannels.count - 1) }
}

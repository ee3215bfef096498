/// How a residual block takes the timestep in.
public enum TimeScaleShift: String, CaseIterable, Codable, Sendable {
    /// Added after the first convolution.
    case shift = "default"
    /// Scales and shifts the second normalisation (Dhariwal & Nichol 2021, "AdaGN").
    case scaleShift = "scale_shift"
}

/// The part of a U-Net's `config.json` that the conditional and the unconditional network share.
public struct UNetLayout: Encodable, Equatable, Sendable {
    /// Height and width of the samples that the network was trained on, where the file says so.
    public var sampleSize: Int?
    public var inChannels: Int
    public var outChannels: Int
    /// From the finest level to the coarsest.
    public var blockOutChannels: [Int]
    public var downBlockTypes: [String]
    public var midBlockType: String
    /// From the coarsest level to the finest.
    public var upBlockTypes: [String]
    public var layersPerBlock = 2
    public var normNumGroups = 32
    public var normEps = 1e-5
    public var resnetTimeScaleShift = TimeScaleShift.shift
    /// Width of the time embedding; nil is four times the finest level's channels.
    public var timeEmbeddingDim: Int?
    /// Side of the square of pixels that is folded into channels before the network and unfolded after it; 1: none.
    /// A key of our own. `in_channels` and `out_channels` count folded channels, so that the network itself is plain.
    public var patchSize = 1

    enum CodingKeys: String, CodingKey {
        case sampleSize = "sample_size"
        case inChannels = "in_channels"
        case outChannels = "out_channels"
        case blockOutChannels = "block_out_channels"
        case downBlockTypes = "down_block_types"
        case midBlockType = "mid_block_type"
        case upBlockTypes = "up_block_types"
        case layersPerBlock = "layers_per_block"
        case normNumGroups = "norm_num_groups"
        case normEps = "norm_eps"
        case resnetTimeScaleShift = "resnet_time_scale_shift"
        case timeEmbeddingDim = "time_embedding_dim"
        case patchSize = "patch_size"
    }

    /// - Parameter channels: what goes in and what comes out, unless set afterwards
    public init(
        channels: Int, blockOutChannels: [Int], downBlockTypes: [String], midBlockType: String, upBlockTypes: [String]
    ) {
        inChannels = channels
        outChannels = channels
        self.blockOutChannels = blockOutChannels
        self.downBlockTypes = downBlockTypes
        self.midBlockType = midBlockType
        self.upBlockTypes = upBlockTypes
    }

    /// Reads the shared keys; `defaults` are those of the model's class.
    init(_ reader: ConfigurationReader, defaults: UNetLayout) throws {
        self = defaults
        sampleSize = try reader.optionalInt("sample_size")
        inChannels = try reader.int("in_channels", default: inChannels)
        outChannels = try reader.int("out_channels", default: outChannels)
        blockOutChannels = try reader.ints("block_out_channels", default: blockOutChannels)
        downBlockTypes = try reader.strings("down_block_types", default: downBlockTypes)
        midBlockType = try reader.string("mid_block_type", default: midBlockType)
        upBlockTypes = try reader.strings("up_block_types", default: upBlockTypes)
        layersPerBlock = try reader.int("layers_per_block", default: layersPerBlock, in: 1...64)
        normNumGroups = try reader.int("norm_num_groups", default: normNumGroups)
        normEps = try reader.double("norm_eps", default: normEps)
        let shift = try reader.string("resnet_time_scale_shift", default: resnetTimeScaleShift.rawValue)
        guard let shift = TimeScaleShift(rawValue: shift) else {
            throw reader.unsupported("resnet_time_scale_shift", "\"\(shift)\"", "\"default\" or \"scale_shift\"")
        }
        resnetTimeScaleShift = shift
        timeEmbeddingDim = try reader.optionalInt("time_embedding_dim")
        patchSize = try reader.int("patch_size", default: 1, in: 1...64)
        try check(reader)
        try reader.require([
            "center_input_sample": [.bool(false)],
            "time_embedding_type": [.string("positional")],
            "flip_sin_to_cos": [.bool(true)],
            "freq_shift": [.number(0)],
            "mid_block_scale_factor": [.number(1)],
            "dropout": [.number(0)],
            "act_fn": [.string("silu"), .string("swish")],
            "num_class_embeds": [.null],
        ])
    }

    private func check(_ reader: ConfigurationReader) throws {
        let levels = blockOutChannels.count
        guard downBlockTypes.count == levels else {
            throw reader.inconsistent("down_block_types", "\(levels) names, one for each of block_out_channels")
        }
        guard upBlockTypes.count == levels else {
            throw reader.inconsistent("up_block_types", "\(levels) names, one for each of block_out_channels")
        }
        guard blockOutChannels.allSatisfy({ $0 % normNumGroups == 0 }) else {
            throw reader.inconsistent("norm_num_groups", "a divisor of all block_out_channels, \(blockOutChannels)")
        }
        guard inChannels % (patchSize * patchSize) == 0, outChannels % (patchSize * patchSize) == 0 else {
            throw reader.inconsistent("patch_size", "in_channels and out_channels to be multiples of its square")
        }
        guard blockOutChannels[0] % 2 == 0 else {
            throw reader.inconsistent("block_out_channels", "an even first number, the width of the time embedding")
        }
    }

    /// Width of the time embedding.
    public var timeWidth: Int { timeEmbeddingDim ?? 4 * blockOutChannels[0] }
    /// Height and width of a sample must be multiples of this: every level but the coarsest halves them.
    public var sizeMultiple: Int { patchSize << (blockOutChannels.count - 1) }
    /// Channels of a sample, and of what is returned.
    public var sampleChannels: (in: Int, out: Int) {
        (inChannels / (patchSize * patchSize), outChannels / (patchSize * patchSize))
    }
}

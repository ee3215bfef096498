import NN
import Torch

/// What a builder of a layer knows about the place where it stands.
struct UNetLevel {
    let plan: UNetPlan
    let channels: Int
    /// `attention_head_dim`: width of an attention head, or how many there are, as the block's attention reads it.
    let headWidth: Int
    /// How many blocks a transformer of this level has.
    let transformerLayers: Int
}

/// A whole network as its builders see it, whichever class its configuration is of.
struct UNetPlan {
    /// The class, for errors.
    let model: String
    let layout: UNetLayout
    /// At each level, from the finest.
    let headWidths: [Int]
    /// nil: the network is unconditional.
    let contextWidth: Int?
    /// The last input channels, whose weights start at 0.
    var silentChannels = 0
    /// Blocks of a transformer at each level; empty: one.
    var transformerLayers: [Int] = []
    /// Whether transformers go in and out by linear layers rather than by convolutions.
    var projectsLinearly = false
}

/// A block of a U-Net by its name in a configuration: residual blocks, what attention stands after each, and what
/// changes the size at the end. A new block is a new entry in one of these tables.
struct UNetBlockType: Sendable {
    typealias Attention = @Sendable (ParameterScope, UNetLevel) throws -> any UNetLayer
    typealias Resampler = @Sendable (ParameterScope, UNetLevel, Resampling) -> any UNetLayer

    var attention: Attention?
    var resampler: Resampler = resnet

    static let down: [String: UNetBlockType] = [
        "ResnetDownsampleBlock2D": UNetBlockType(),
        "SimpleCrossAttnDownBlock2D": UNetBlockType(attention: addedKV),
        "DownBlock2D": UNetBlockType(resampler: convolution),
        "CrossAttnDownBlock2D": UNetBlockType(attention: transformer, resampler: convolution),
    ]

    static let up: [String: UNetBlockType] = [
        "ResnetUpsampleBlock2D": UNetBlockType(),
        "SimpleCrossAttnUpBlock2D": UNetBlockType(attention: addedKV),
        "UpBlock2D": UNetBlockType(resampler: convolution),
        "CrossAttnUpBlock2D": UNetBlockType(attention: transformer, resampler: convolution),
    ]

    /// A residual block that changes the size itself.
    private static let resnet: Resampler = { p, level, resampling in
        ResnetBlock2D(p, from: level.channels, to: level.channels, level.plan.layout.resnets, resampling: resampling)
    }

    private static let convolution: Resampler = { p, level, resampling in
        ConvResampler(p, channels: level.channels, resampling)
    }

    fileprivate static let addedKV: Attention = { p, level in
        AddedKVAttention(
            p, channels: level.channels, headWidth: try level.headDivisor, contextWidth: try level.contextWidth(p),
            groups: level.plan.layout.normNumGroups)
    }

    /// Here `attention_head_dim` is the number of heads: the reference keeps the mistaken name.
    fileprivate static let transformer: Attention = { p, level in
        SpatialTransformer(
            p,
            SpatialTransformer.Shape(
                channels: level.channels, heads: try level.headDivisor, contextWidth: try level.contextWidth(p),
                layers: level.transformerLayers, groups: level.plan.layout.normNumGroups,
                projectsLinearly: level.plan.projectsLinearly))
    }
}

extension UNetLevel {
    fileprivate func contextWidth(_ p: ParameterScope) throws -> Int {
        if let width = plan.contextWidth { return width }
        throw ConfigurationError(
            .inconsistent, model: plan.model, key: "cross_attention_dim", value: "nothing",
            expected: "a network with context tokens, as \(p.prefix) attends to them")
    }

    /// `attention_head_dim`, which must divide the channels whichever way it is read.
    fileprivate var headDivisor: Int {
        get throws {
            if channels % headWidth == 0 { return headWidth }
            throw ConfigurationError(
                .inconsistent, model: plan.model, key: "attention_head_dim", value: "\(headWidth)",
                expected: "a divisor of the block's \(channels) channels")
        }
    }
}

/// The middle block by its name in a configuration: a residual block, then pairs of attention and residual block.
struct UNetMidBlockType: Sendable {
    var attention: UNetBlockType.Attention?
    /// The reference's conditional network has a plain middle block of one residual block, the other one of two.
    var pairs: @Sendable (UNetPlan) -> Int = { _ in 1 }

    static let all: [String: UNetMidBlockType] = [
        "UNetMidBlock2D": UNetMidBlockType(pairs: { $0.contextWidth == nil ? 1 : 0 }),
        "UNetMidBlock2DSimpleCrossAttn": UNetMidBlockType(attention: UNetBlockType.addedKV),
        "UNetMidBlock2DCrossAttn": UNetMidBlockType(attention: UNetBlockType.transformer),
    ]
}

extension UNetPlan {
    /// The entry of a table of block types; one that is not there is an error that names those that are.
    func type<T>(_ name: String, in table: [String: T], key: String) throws -> T {
        if let type = table[name] { return type }
        throw ConfigurationError(
            .unsupported, model: model, key: key, value: "\"\(name)\"",
            expected: "one of " + table.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", "))
    }
}

import NN
import Torch

/// What a builder of a layer knows about the place where it stands.
struct UNetLevel {
    let plan: UNetPlan
    let channels: Int
    /// Width of an attention head.
    let headWidth: Int
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
    ]

    static let up: [String: UNetBlockType] = [
        "ResnetUpsampleBlock2D": UNetBlockType(),
        "SimpleCrossAttnUpBlock2D": UNetBlockType(attention: addedKV),
    ]

    /// A residual block that changes the size itself.
    private static let resnet: Resampler = { p, level, resampling in
        ResnetBlock2D(p, from: level.channels, to: level.channels, level.plan.layout, resampling: resampling)
    }

    fileprivate static let addedKV: Attention = { p, level in
        let plan = level.plan
        guard let contextWidth = plan.contextWidth else {
            throw ConfigurationError(
                .inconsistent, model: plan.model, key: "cross_attention_dim", value: "nothing",
                expected: "a network with context tokens, as \(p.prefix) attends to them")
        }
        guard level.channels % level.headWidth == 0 else {
            throw ConfigurationError(
                .inconsistent, model: plan.model, key: "attention_head_dim", value: "\(level.headWidth)",
                expected: "a divisor of the block's \(level.channels) channels")
        }
        return AddedKVAttention(
            p, channels: level.channels, headWidth: level.headWidth, contextWidth: contextWidth,
            groups: plan.layout.normNumGroups)
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

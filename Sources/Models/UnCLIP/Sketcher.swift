import NN
import Torch

/// `config.json` of a `Sketcher`, a class of our own.
public struct SketcherConfig: Codable, Equatable, Sendable {
    /// Height and width of a sketch, in pixels.
    public var sampleSize: Int
    /// Channels of a sketch.
    public var inChannels = 3
    /// Width of the network, and of the hidden layer of each block.
    public var hiddenSize: Int
    public var intermediateSize: Int
    public var numLayers: Int
    /// Width of CLIP's embeddings.
    public var clipEmbeddingsDim: Int
    /// The class's name, wherever files name it.
    public static let className = "Sketcher"
    private let className = Self.className

    enum CodingKeys: String, CodingKey {
        case sampleSize = "sample_size"
        case inChannels = "in_channels"
        case hiddenSize = "hidden_size"
        case intermediateSize = "intermediate_size"
        case numLayers = "num_layers"
        case clipEmbeddingsDim = "clip_embeddings_dim"
        case className = "_class_name"
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: Self.className)
        sampleSize = try reader.int("sample_size", in: 1...256)
        inChannels = try reader.int("in_channels", default: inChannels, in: 1...64)
        hiddenSize = try reader.int("hidden_size", in: 2...65_536)
        intermediateSize = try reader.int("intermediate_size", default: 2 * hiddenSize, in: 1...262_144)
        numLayers = try reader.int("num_layers", in: 1...1024)
        clipEmbeddingsDim = try reader.int("clip_embeddings_dim")
        guard hiddenSize % 2 == 0 else { throw reader.inconsistent("hidden_size", "an even number") }
    }
}

/// What a run's steps share: the conditions in the sketcher's width.
public struct SketchContext {
    /// (batch, width)
    fileprivate let vector: Tensor
}

/// Denoises the smallest picture of a cascade (Ho et al. 2021, "Cascaded Diffusion Models"): what lies where, in a few
/// thousand numbers at most, from CLIP's embeddings.
///
/// A layout is a thing to be remembered rather than drawn: the network is a residual perceptron over all pixels, each
/// block shifted and scaled by the conditions and the time (Perez et al. 2018, FiLM). A pass costs as many operations as
/// it has weights, so that it sees fifty pictures while a U-Net of that size sees one.
public final class Sketcher: EmbeddingGuided {
    public let config: SketcherConfig
    public let unconditionalEmbeds: Tensor
    private let imageIn: Linear
    private let textIn: Linear
    private let conditions: Linear
    private let time: TimestepEmbedding
    private let sampleIn: Linear
    private let blocks: [Block]
    private let out: Linear

    public init(_ config: SketcherConfig, _ p: ParameterScope) {
        self.config = config
        let (width, clip) = (config.hiddenSize, config.clipEmbeddingsDim)
        let pixels = config.inChannels * config.sampleSize * config.sampleSize
        unconditionalEmbeds = p.parameter("learned_classifier_free_guidance_embeddings", [clip], .zeros)
        imageIn = Linear(p / "image_proj", clip, width)
        textIn = Linear(p / "text_proj", clip, width)
        conditions = Linear(p / "condition_proj", width, width)
        time = TimestepEmbedding(p / "time_embedding", width: width, hidden: width)
        sampleIn = Linear(p / "proj_in", pixels, width)
        blocks = (0..<config.numLayers).map {
            Block(p / "blocks" / $0, width: width, inner: config.intermediateSize)
        }
        out = Linear(p / "proj_out", width, pixels)
    }

    /// - Parameters:
    ///   - imageEmbeds: (batch, width), not normalised, with the unconditional rows if there are any
    ///   - textEmbeds: (batch, width), not normalised
    public func condition(imageEmbeds: Tensor, textEmbeds: Tensor) -> SketchContext {
        let clip = [config.clipEmbeddingsDim]
        // The prior's embeddings are shorter than those of pictures: what counts is where they point.
        let image = imageIn.casting(imageEmbeds.layerNorm(shape: clip, nil, nil))
        let text = textIn.casting(textEmbeds.layerNorm(shape: clip, nil, nil))
        return SketchContext(vector: conditions((image + text).silu()))
    }

    /// - Parameters:
    ///   - sample: (batch, channels, height, width), the size of the configuration
    ///   - timesteps: (batch) or (1)
    /// - Returns: as `sample`, in the weights' dtype
    public func callAsFunction(_ sample: Tensor, _ timesteps: Tensor, context: SketchContext) -> Tensor {
        let conditions = (context.vector + time(timesteps)).silu()
        let states = blocks.reduce(sampleIn.casting(sample.flatten(from: 1))) { $1($0, conditions) }
        return out(states.layerNorm(shape: [config.hiddenSize], nil, nil)).reshape(sample.shape)
    }

    private struct Block {
        private let width: Int
        private let modulation: Linear
        private let inner: Linear
        private let outer: Linear

        init(_ p: ParameterScope, width: Int, inner: Int) {
            self.width = width
            modulation = Linear(p / "modulation", width, 2 * width)
            self.inner = Linear(p / "linear_1", width, inner)
            outer = Linear(p / "linear_2", inner, width)
        }

        func callAsFunction(_ states: Tensor, _ conditions: Tensor) -> Tensor {
            let parts = modulation(conditions).chunk(2, dim: 1)
            let normed = states.layerNorm(shape: [width], nil, nil) * (parts[0] + 1) + parts[1]
            return states + outer(inner(normed).silu())
        }
    }
}

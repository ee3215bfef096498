import NN
import Torch

/// What a conditional U-Net may be given; which of these it needs is said by its configuration.
public struct UNetConditions {
    /// (batch, tokens, width): context tokens, unless the network makes them from something else.
    public var context: Tensor?
    /// (batch, tokens) bool: which context tokens are seen; nil: all.
    public var contextMask: Tensor?
    /// (batch, time width, or what `projection` takes): a vector for the time embedding (`class_labels` in the reference).
    public var timeEmbedding: Tensor?
    /// (batch, width): CLIP image embeddings.
    public var imageEmbeds: Tensor?

    public init(
        context: Tensor? = nil, contextMask: Tensor? = nil, timeEmbedding: Tensor? = nil, imageEmbeds: Tensor? = nil
    ) {
        self.context = context
        self.contextMask = contextMask
        self.timeEmbedding = timeEmbedding
        self.imageEmbeds = imageEmbeds
    }
}

/// A network was not given something that its configuration asks for.
public struct MissingConditionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The property of `UNetConditions` that is nil.
    public let condition: String
    /// The configuration's key and value that ask for it.
    public let reason: String

    public var description: String { "the network needs \(condition), as its \(reason)" }
}

/// The ways in which conditions enter a U-Net, by their names in a configuration. A new one is a new entry.
enum UNetConditioning {
    /// Makes a tensor from conditions; throws `MissingConditionError`.
    typealias Embedding = (UNetConditions) throws -> Tensor
    typealias Builder = @Sendable (ParameterScope, UNet2DConditionConfig) throws -> Embedding

    /// (batch, time width), by `class_embed_type`.
    static let classEmbeddings: [String: Builder] = [
        "identity": { _, _ in
            { try $0.need(\.timeEmbedding, "timeEmbedding", "class_embed_type is identity") }
        },
        // Stable unCLIP
        "projection": { p, config in
            guard let width = config.projectionClassEmbeddingsInputDim else {
                throw ConfigurationError(
                    .missing, model: "UNet2DConditionModel", key: "projection_class_embeddings_input_dim",
                    expected: "the width of the class embeddings")
            }
            let time = config.layout.timeWidth
            let layers = SiLUPerceptron(p, width: width, hidden: time, out: time)
            return { layers(try $0.need(\.timeEmbedding, "timeEmbedding", "class_embed_type is projection")) }
        },
    ]

    /// (batch, time width), by `addition_embed_type`.
    static let additions: [String: Builder] = [
        // Kandinsky 2.2
        "image": { p, config in
            let projection = Linear(p / "image_proj", try config.imageWidth, config.layout.timeWidth)
            let norm = LayerNorm(p / "image_norm", config.layout.timeWidth)
            return {
                norm(projection.casting(try $0.need(\.imageEmbeds, "imageEmbeds", "addition_embed_type is image")))
            }
        }
    ]

    /// (batch, tokens, context width), by `encoder_hid_dim_type`.
    static let contexts: [String: Builder] = [
        // Kandinsky 2.2: 32 tokens from one embedding
        "image_proj": { p, config in
            let tokens = 32
            let width = config.crossAttentionDim
            let projection = Linear(p / "image_embeds", try config.imageWidth, tokens * width)
            let norm = LayerNorm(p / "norm", width)
            return {
                let embeds = try $0.need(\.imageEmbeds, "imageEmbeds", "encoder_hid_dim_type is image_proj")
                return norm(projection.casting(embeds).reshape([embeds.size(0), tokens, width]))
            }
        }
    ]
}

extension UNetConditions {
    fileprivate func need(
        _ condition: KeyPath<UNetConditions, Tensor?>, _ name: String, _ reason: String
    ) throws -> Tensor {
        if let tensor = self[keyPath: condition] { return tensor }
        throw MissingConditionError(condition: name, reason: reason)
    }

    func needContext() throws -> Tensor { try need(\.context, "context", "encoder_hid_dim_type is null") }
}

extension UNet2DConditionConfig {
    fileprivate var imageWidth: Int {
        get throws {
            if let encoderHidDim { return encoderHidDim }
            throw ConfigurationError(
                .missing, model: "UNet2DConditionModel", key: "encoder_hid_dim",
                expected: "the width of the image embeddings")
        }
    }
}

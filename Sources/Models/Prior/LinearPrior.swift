import NN
import Torch

/// `config.json` of a `LinearPrior`, a class of our own.
public struct LinearPriorConfig: Codable, Equatable, Sendable {
    /// Width of the text embedding.
    public var textDim: Int
    /// Width of the image embedding.
    public var imageDim: Int
    private let className = "LinearPrior"

    public init(textDim: Int, imageDim: Int) {
        self.textDim = textDim
        self.imageDim = imageDim
    }

    enum CodingKeys: String, CodingKey {
        case textDim = "text_dim"
        case imageDim = "image_dim"
        case className = "_class_name"
    }

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: className)
        textDim = try reader.int("text_dim")
        imageDim = try reader.int("image_dim")
    }
}

/// The simplest prior: the picture's CLIP embedding as a linear function of the text's.
///
/// It gives the mean of all pictures that a text may mean, so it has no variety of its own; where CLIP was trained on
/// little data it is hard to beat.
public final class LinearPrior {
    public let config: LinearPriorConfig
    private let projection: Linear

    public init(_ config: LinearPriorConfig, _ p: ParameterScope) {
        self.config = config
        projection = Linear(p / "projection", config.textDim, config.imageDim)
    }

    /// Image embeddings (batch, image width) from text embeddings (batch, text width), neither of them normalised.
    public func callAsFunction(_ textEmbeds: Tensor) -> Tensor { projection.casting(textEmbeds) }
}

import Torch

/// A network that is guided towards image embeddings.
public protocol EmbeddingGuided {
    /// (width): stands for the image embedding in the unconditional rows of guidance, and where training drops it.
    var unconditionalEmbeds: Tensor { get }
}

extension EmbeddingGuided {
    /// The rows of guidance, unconditional ones first, from the conditional ones (batch, width).
    public func guided(_ imageEmbeds: Tensor) -> Tensor {
        let unconditional = unconditionalEmbeds.to(imageEmbeds.dtype).expand([imageEmbeds.size(0), -1])
        return Tensor.cat([unconditional, imageEmbeds], dim: 0)
    }
}

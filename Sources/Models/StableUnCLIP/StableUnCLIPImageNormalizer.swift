import NN
import Torch

/// `config.json` of a `StableUnCLIPImageNormalizer`, keys and defaults as in diffusers.
public struct StableUnCLIPImageNormalizerConfig: Decodable, Equatable, Sendable {
    public let embeddingDim: Int

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: "StableUnCLIPImageNormalizer")
        embeddingDim = try reader.int("embedding_dim", default: 768)
    }
}

/// Mean and standard deviation of the image embeddings that Stable unCLIP was trained with, and what its U-Net is told
/// of a noised one (diffusers' `StableUnCLIPImageNormalizer` and `noise_image_embeddings`).
public final class StableUnCLIPImageNormalizer {
    private let mean: Tensor
    private let std: Tensor

    public init(_ config: StableUnCLIPImageNormalizerConfig, _ p: ParameterScope) {
        mean = p.buffer("mean", [1, config.embeddingDim], .zeros)
        std = p.buffer("std", [1, config.embeddingDim], .ones)
    }

    /// (batch, width) standardised: (z − mean) / std, in which noise is added.
    public func scale(_ embeds: Tensor) -> Tensor { (embeds - mean) / std }

    /// The inverse of `scale`.
    public func unscale(_ embeds: Tensor) -> Tensor { embeds * std + mean }

    /// The U-Net's `class_labels`: (batch, 2 · width), the embeddings and the sinusoidal embedding of their noise level.
    ///
    /// - Parameter noiseLevel: the timestep of the noising schedule, 0 the least noisy
    public static func labels(_ embeds: Tensor, noiseLevel: Int) -> Tensor {
        let level = Tensor([Float(noiseLevel)]).to(embeds.device)
        let waves = sinusoidalEmbedding(level, width: embeds.size(1)).to(embeds.dtype)
        return Tensor.cat([embeds, waves.expand([embeds.size(0), -1])], dim: 1)
    }
}

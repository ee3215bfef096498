import NN
import Torch

/// CLIP's vision transformer with its projection into the space shared with text (transformers'
/// `CLIPVisionModelWithProjection`).
public final class CLIPVisionModelWithProjection {
    public struct Output {
        /// (batch, 1 + patches, width), before the last normalisation.
        public let lastHiddenState: Tensor
        /// (batch, projection width): the state of the class token, normalised by the last layer norm and projected;
        /// its length is not 1.
        public let imageEmbeds: Tensor
    }

    public let config: CLIPVisionConfig
    private let classEmbedding: Tensor
    private let patches: Conv2d
    private let positions: Embedding
    private let preNorm: LayerNorm
    private let encoder: CLIPEncoder
    private let postNorm: LayerNorm
    private let projection: Linear

    public init(_ config: CLIPVisionConfig, _ p: ParameterScope) {
        self.config = config
        let model = p / "vision_model"
        let embeddings = model / "embeddings"
        let width = config.hiddenSize
        let std = 1 / Double(width).squareRoot()
        let grid = config.imageSize / config.patchSize
        classEmbedding = embeddings.parameter("class_embedding", [width], .normal(std: std))
        patches = Conv2d(
            embeddings / "patch_embedding", config.numChannels, width, kernel: config.patchSize,
            stride: config.patchSize, padding: 0, bias: false, initial: .normal(std: 0.02))
        positions = Embedding(embeddings / "position_embedding", grid * grid + 1, width, initial: .normal(std: 0.02))
        // Older checkpoints carry the numbers 0, 1, 2… beside the weights.
        embeddings.store.ignore([embeddings.prefix + ".position_ids"])
        // The key is misspelled in every checkpoint.
        preNorm = LayerNorm(model / "pre_layrnorm", width, eps: config.layerNormEps)
        encoder = CLIPEncoder(
            model / "encoder",
            CLIPEncoderShape(
                width: width, inner: config.intermediateSize, layers: config.numHiddenLayers,
                heads: config.numAttentionHeads, activation: config.hiddenAct, eps: config.layerNormEps))
        postNorm = LayerNorm(model / "post_layernorm", width, eps: config.layerNormEps)
        projection = Linear(
            p / "visual_projection", width, config.projectionDim, bias: false, initial: .normal(std: std))
    }

    /// - Parameter pixels: (batch, channels, `image_size`, `image_size`), normalised as the preprocessing says.
    public func callAsFunction(_ pixels: Tensor, probe: LayerProbe? = nil) -> Output {
        let embedded = embed(pixels)
        probe?("vision_model.embeddings", embedded)
        let normed = preNorm(embedded)
        probe?("vision_model.pre_layrnorm", normed)
        let states = encoder(normed, causal: false, probe: probe)
        let pooled = postNorm(states.select(dim: 1, index: 0))
        probe?("vision_model.post_layernorm", pooled)
        return Output(lastHiddenState: states, imageEmbeds: projection(pooled))
    }

    /// The class token and the patches, row by row, with their positions.
    private func embed(_ pixels: Tensor) -> Tensor {
        let tokens = patches(pixels.to(patches.weight.dtype)).flatten(from: 2).transpose(1, 2)
        let first = classEmbedding.to(tokens.dtype).expand([tokens.size(0), 1, -1])
        return Tensor.cat([first, tokens], dim: 1) + positions.weight
    }
}

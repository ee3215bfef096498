import NN
import Torch

/// `config.json` of a `VQModel`, keys and defaults as in diffusers.
public struct VQModelConfig: Decodable, Equatable, Sendable {
    public var layout: AutoencoderLayout
    /// Codes that latents can be rounded to, and their width.
    public var numVQEmbeddings: Int
    public var vqEmbedDim: Int
    /// Whether the decoder's normalisations look at the latents, as MoVQ's do.
    public var isSpatial: Bool

    private static let className = "VQModel"

    public init(from decoder: any Decoder) throws {
        let reader = try ConfigurationReader(decoder, model: Self.className)
        layout = try AutoencoderLayout(reader)
        numVQEmbeddings = try reader.int("num_vq_embeddings", default: 256)
        vqEmbedDim = try reader.optionalInt("vq_embed_dim") ?? layout.latentChannels
        let norm = try reader.string("norm_type", default: "group")
        guard norm == "group" || norm == "spatial" else {
            throw reader.unsupported("norm_type", "\"\(norm)\"", "\"group\" or \"spatial\"")
        }
        isSpatial = norm == "spatial"
        guard !isSpatial || layout.blockOutChannels.allSatisfy({ $0.isMultiple(of: 32) }) else {
            throw reader.inconsistent("block_out_channels", "multiples of 32, the groups of a spatial normalisation")
        }
        try reader.require(["lookup_from_codebook": [.bool(false)]])
    }
}

/// The autoencoder of Kandinsky: a VQGAN whose decoder is modulated by the latents at every layer (Zheng et al. 2022,
/// "MoVQ"; diffusers' `VQModel`).
///
/// The pipelines decode what the diffusion draws without rounding it to codes, and without a scaling factor.
public final class VQModel {
    public let config: VQModelConfig
    private let encoder: AutoencoderEncoder
    private let decoder: AutoencoderDecoder
    private let quant: Conv2d
    private let postQuant: Conv2d
    private let codes: Embedding

    public init(_ config: VQModelConfig, _ p: ParameterScope) {
        self.config = config
        let latents = config.layout.latentChannels
        encoder = AutoencoderEncoder(p / "encoder", config.layout, outputs: latents)
        quant = Conv2d(p / "quant_conv", latents, config.vqEmbedDim, kernel: 1)
        codes = Embedding(p / "quantize" / "embedding", config.numVQEmbeddings, config.vqEmbedDim)
        postQuant = Conv2d(p / "post_quant_conv", config.vqEmbedDim, latents, kernel: 1)
        decoder = AutoencoderDecoder(
            p / "decoder", config.layout,
            config.isSpatial
                ? .spatial(latentChannels: latents) : .group(groups: config.layout.normNumGroups))
    }

    /// - Parameter pictures: (batch, 3, height, width) in −1…1, both multiples of `layout.factor`
    /// - Returns: (batch, code width, height / factor, width / factor), not rounded to codes
    public func encode(_ pictures: Tensor, probe: LayerProbe? = nil) -> Tensor {
        let latents = quant(encoder(pictures, probe: probe))
        probe?("quant_conv", latents)
        return latents
    }

    /// - Parameter latents: (batch, code width, height, width)
    /// - Returns: (batch, 3, factor · height, factor · width), about −1…1, not clamped
    public func decode(_ latents: Tensor, probe: LayerProbe? = nil) -> Tensor {
        let x = postQuant(latents)
        probe?("post_quant_conv", x)
        return decoder(x, latents, probe: probe)
    }

    /// The nearest codes.
    ///
    /// - Returns: the latents rounded to them, and their numbers (batch · height · width), row by row
    public func quantised(_ latents: Tensor) -> (latents: Tensor, indices: Tensor) {
        let (batch, width) = (latents.size(0), latents.size(1))
        let places = latents.permute([0, 2, 3, 1]).reshape([-1, width])
        let table = codes.weight
        // ‖z − e‖² without ‖z‖², which all codes share.
        let distance = table.square().sum(dims: [1]) - 2 * places.matmul(table.transpose(0, 1))
        let indices = (-distance).argmax(dim: 1)
        let rounded = codes(indices).reshape([batch, latents.size(2), latents.size(3), width]).permute([0, 3, 1, 2])
        return (rounded, indices)
    }
}

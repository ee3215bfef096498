import NN
import Torch

/// The VQGAN's part of DALL·E mini's configuration, keys as in `dalle-mini/vqgan_imagenet_f16_16384`; min-dalle's
/// folders have it under `vqgan`, or not at all, and then it is the published one.
public struct VQGANConfig: Decodable, Equatable, Sendable {
    public let layout: AutoencoderLayout
    /// Codes, and their width.
    public let codes: Int
    public let codeWidth: Int
    public let normEps: Double

    public init(from decoder: any Decoder) throws {
        let whole = try ConfigurationReader(decoder, model: "VQGAN")
        let reader = whole.nested("vqgan") ?? whole
        codes = try reader.int("n_embed", default: 16384)
        codeWidth = try reader.int("embed_dim", default: 256)
        normEps = try reader.double("norm_eps", default: 1e-5)
        let width = try reader.int("ch", default: 128)
        let widths = try reader.ints("ch_mult", default: [1, 1, 2, 2, 4]).map { $0 * width }
        let coarsest = try reader.int("resolution", default: 256) >> (widths.count - 1)
        let attends = try reader.ints("attn_resolutions", default: [16])
        layout = AutoencoderLayout(
            outChannels: try reader.int("out_ch", default: 3),
            latentChannels: try reader.int("z_channels", default: 256), blockOutChannels: widths,
            upAttention: widths.indices.map { attends.contains(coarsest << $0) },
            layersPerBlock: try reader.int("num_res_blocks", default: 2, in: 1...64),
            normNumGroups: try reader.int("norm_num_groups", default: 32))
        guard widths.allSatisfy({ $0.isMultiple(of: layout.normNumGroups) }) else {
            throw reader.inconsistent("ch", "a multiple of norm_num_groups")
        }
    }
}

/// Image tokens to pictures: the decoder of a VQGAN (Esser et al. 2021; min-dalle's `VQGanDetokenizer`).
public final class VQGANDetokenizer {
    public let config: VQGANConfig
    private let codes: Embedding
    private let postQuant: Conv2d
    private let decoder: AutoencoderDecoder

    public init(_ config: VQGANConfig, _ p: ParameterScope) {
        self.config = config
        codes = Embedding(p / "embedding", config.codes, config.codeWidth)
        postQuant = Conv2d(p / "post_quant_conv", config.codeWidth, config.layout.latentChannels, kernel: 1)
        decoder = AutoencoderDecoder(
            p / "decoder", config.layout, .group(groups: config.layout.normNumGroups, eps: config.normEps),
            names: .taming)
    }

    /// - Parameter tokens: (batch, height, width) int64, each below `config.codes`
    /// - Returns: (batch, 3, factor · height, factor · width), about 0…1, not clamped, in the weights' dtype
    public func callAsFunction(_ tokens: Tensor) -> Tensor {
        let x = postQuant(codes(tokens).permute([0, 3, 1, 2]))
        return decoder(x, x, probe: nil)
    }
}

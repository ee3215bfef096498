import NN
import Torch

/// Normalisation over groups of channels that may be scaled and shifted, place by place, by the latents that are being
/// decoded (Zheng et al. 2022, "MoVQ", equation 4; diffusers' `SpatialNorm`).
struct LatentNorm {
    private let norm: GroupNorm
    /// Where there is none, the normalisation is a plain one.
    private let modulation: (scale: Conv2d, shift: Conv2d)?

    /// How the layers of a network are normalised.
    enum Kind {
        case group(groups: Int, eps: Double = 1e-6)
        /// By latents of so many channels.
        case spatial(latentChannels: Int)
    }

    init(_ p: ParameterScope, _ kind: Kind, channels: Int) {
        switch kind {
        case .group(let groups, let eps):
            norm = GroupNorm(p, groups: groups, channels: channels, eps: eps)
            modulation = nil
        case .spatial(let latentChannels):
            // The reference has 32 groups here whatever the configuration's norm_num_groups says.
            norm = GroupNorm(p / "norm_layer", groups: 32, channels: channels, eps: 1e-6)
            modulation = (
                Conv2d(p / "conv_y", latentChannels, channels, kernel: 1),
                Conv2d(p / "conv_b", latentChannels, channels, kernel: 1)
            )
        }
    }

    /// - Parameters:
    ///   - x: (batch, channels, height, width)
    ///   - latents: (batch, latent channels, …) of any height and width; not looked at by a plain normalisation
    func callAsFunction(_ x: Tensor, _ latents: Tensor) -> Tensor {
        guard let modulation else { return norm(x) }
        // A convolution of single places and an enlarging that repeats them change places: the small one is cheaper.
        let size = [x.size(2), x.size(3)]
        return norm(x) * modulation.scale(latents).upsampleNearest(size: size)
            + modulation.shift(latents).upsampleNearest(size: size)
    }
}

import NN
import Torch

/// An unconditional U-Net, as the upsamplers are (diffusers' `UNet2DModel`).
///
/// With a `patch_size` above 1 it folds squares of pixels into channels first and unfolds its output, so that most of
/// its work is done on a smaller picture (Shi et al. 2016, sub-pixel convolution).
public final class UNet2DModel {
    public let config: UNet2DConfig
    private let trunk: UNetTrunk

    /// - Throws: `ConfigurationError` for block types that are not known or do not fit
    public init(_ config: UNet2DConfig, _ p: ParameterScope) throws {
        self.config = config
        let layout = config.layout
        trunk = try UNetTrunk(
            p,
            UNetPlan(
                model: "UNet2DModel", layout: layout,
                headWidths: Array(repeating: 1, count: layout.blockOutChannels.count), contextWidth: nil))
    }

    /// Channels of a sample, and of what is returned.
    public var sampleChannels: (in: Int, out: Int) {
        let folded = config.patchSize * config.patchSize
        return (config.layout.inChannels / folded, config.layout.outChannels / folded)
    }

    /// Height and width of a sample must be multiples of this.
    public var sizeMultiple: Int { config.layout.sizeMultiple * config.patchSize }

    /// - Parameters:
    ///   - sample: (batch, channels, height, width)
    ///   - timesteps: (batch) or (1)
    /// - Returns: (batch, channels, height, width), in the weights' dtype
    public func callAsFunction(_ sample: Tensor, _ timesteps: Tensor, probe: LayerProbe? = nil) -> Tensor {
        let patch = config.patchSize
        guard patch > 1 else { return trunk(sample, timesteps, context: UNetContext(), probe: probe) }
        return trunk(sample.pixelUnshuffle(patch), timesteps, context: UNetContext(), probe: probe).pixelShuffle(patch)
    }
}

import NN
import Torch

/// An unconditional U-Net, as the upsamplers are (diffusers' `UNet2DModel`).
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
    public var sampleChannels: (in: Int, out: Int) { config.layout.sampleChannels }

    /// Height and width of a sample must be multiples of this.
    public var sizeMultiple: Int { config.layout.sizeMultiple }

    /// - Parameters:
    ///   - sample: (batch, channels, height, width)
    ///   - timesteps: (batch) or (1)
    /// - Returns: (batch, channels, height, width), in the weights' dtype, or the sample's where it is residual
    public func callAsFunction(_ sample: Tensor, _ timesteps: Tensor, probe: LayerProbe? = nil) -> Tensor {
        let out = trunk(sample, timesteps, context: UNetContext(), probe: probe)
        guard config.residual else { return out }
        let channels = sampleChannels
        return out.to(sample.dtype) + sample.narrow(dim: 1, start: channels.in - channels.out, length: channels.out)
    }
}

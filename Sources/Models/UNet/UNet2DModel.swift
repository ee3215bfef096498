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

    /// Height and width of a sample must be multiples of this.
    public var sizeMultiple: Int { config.layout.sizeMultiple }

    /// - Parameters:
    ///   - sample: (batch, channels, height, width)
    ///   - timesteps: (batch) or (1)
    /// - Returns: (batch, channels, height, width), in the weights' dtype
    public func callAsFunction(_ sample: Tensor, _ timesteps: Tensor, probe: LayerProbe? = nil) -> Tensor {
        trunk(sample, timesteps, context: UNetContext(), probe: probe)
    }
}

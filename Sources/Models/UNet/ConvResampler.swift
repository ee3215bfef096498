import NN
import Torch

/// Changes the size by a convolution: every second pixel of it on the way down, over repeated pixels on the way up
/// (diffusers' `Downsample2D` and `Upsample2D`).
final class ConvResampler: UNetLayer {
    let name: String
    private let resampling: Resampling
    private let conv: Conv2d

    init(_ p: ParameterScope, channels: Int, _ resampling: Resampling) {
        name = p.prefix
        self.resampling = resampling
        conv = Conv2d(p / "conv", channels, channels, stride: resampling == .down ? 2 : 1)
    }

    func callAsFunction(_ x: Tensor, _ step: UNetStep) -> Tensor {
        conv(resampling == .down ? x : resampling(x))
    }
}

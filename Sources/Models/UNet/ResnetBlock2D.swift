import NN
import Torch

/// Which way a layer changes the size of a picture.
enum Resampling: Sendable {
    /// Half the height and width, the mean of each 2 × 2 pixels.
    case down
    /// Twice the height and width, each pixel repeated.
    case up

    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .down: x.avgPool2d(kernel: 2, stride: 2)
        case .up: x.upsampleNearest(size: [2 * x.size(2), 2 * x.size(3)])
        }
    }
}

/// The residual block of all U-Nets: two convolutions, each after a group normalisation and SiLU, with the timestep
/// taken in between them (diffusers' `ResnetBlock2D`).
final class ResnetBlock2D: UNetLayer {
    let name: String
    private let shift: TimeScaleShift
    private let resampling: Resampling?
    private let norm1: GroupNorm
    private let conv1: Conv2d
    private let time: Linear
    private let norm2: GroupNorm
    private let conv2: Conv2d
    private let shortcut: Conv2d?

    /// - Parameter resampling: makes the block change the size too, before its first convolution
    init(
        _ p: ParameterScope, from inputs: Int, to outputs: Int, _ layout: UNetLayout, resampling: Resampling? = nil
    ) {
        name = p.prefix
        shift = layout.resnetTimeScaleShift
        self.resampling = resampling
        let groups = layout.normNumGroups
        norm1 = GroupNorm(p / "norm1", groups: groups, channels: inputs, eps: layout.normEps)
        conv1 = Conv2d(p / "conv1", inputs, outputs)
        let perChannel = shift == .scaleShift ? 2 : 1
        time = Linear(p / "time_emb_proj", layout.timeWidth, perChannel * outputs)
        norm2 = GroupNorm(p / "norm2", groups: groups, channels: outputs, eps: layout.normEps)
        // A fresh block passes its input on (Dhariwal & Nichol 2021).
        conv2 = Conv2d(p / "conv2", outputs, outputs, initial: .zeros)
        shortcut = inputs == outputs ? nil : Conv2d(p / "conv_shortcut", inputs, outputs, kernel: 1)
    }

    func callAsFunction(_ x: Tensor, _ step: UNetStep) -> Tensor {
        var x = x
        var h = norm1(x).silu()
        if let resampling {
            x = resampling(x)
            h = resampling(h)
        }
        h = conv2(modulated(conv1(h), step.time).silu())
        return (shortcut?(x) ?? x) + h
    }

    /// The second normalisation with the timestep.
    private func modulated(_ h: Tensor, _ embedding: Tensor) -> Tensor {
        let time = time(embedding).unsqueeze(2).unsqueeze(3)
        switch shift {
        case .shift:
            return norm2(h + time)
        case .scaleShift:
            let channels = h.size(1)
            let scale = time.narrow(dim: 1, start: 0, length: channels)
            return norm2(h) * (scale + 1) + time.narrow(dim: 1, start: channels, length: channels)
        }
    }
}

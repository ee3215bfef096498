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

/// What the residual blocks of one network have in common.
struct ResnetStyle {
    var groups: Int
    var eps: Double
    /// Width of the time embedding; nil: the network knows no time.
    var timeWidth: Int?
    var shift = TimeScaleShift.shift
}

extension UNetLayout {
    var resnets: ResnetStyle {
        ResnetStyle(groups: normNumGroups, eps: normEps, timeWidth: timeWidth, shift: resnetTimeScaleShift)
    }
}

/// The residual block of all U-Nets and autoencoders: two convolutions, each after a group normalisation and SiLU, with
/// the timestep, where there is one, taken in between them (diffusers' `ResnetBlock2D`).
final class ResnetBlock2D: UNetLayer {
    let name: String
    private let shift: TimeScaleShift
    private let resampling: Resampling?
    private let norm1: GroupNorm
    private let conv1: Conv2d
    private let time: Linear?
    private let norm2: GroupNorm
    private let conv2: Conv2d
    private let shortcut: Conv2d?

    /// - Parameter resampling: makes the block change the size too, before its first convolution
    init(
        _ p: ParameterScope, from inputs: Int, to outputs: Int, _ style: ResnetStyle, resampling: Resampling? = nil
    ) {
        name = p.prefix
        shift = style.shift
        self.resampling = resampling
        norm1 = GroupNorm(p / "norm1", groups: style.groups, channels: inputs, eps: style.eps)
        conv1 = Conv2d(p / "conv1", inputs, outputs)
        let perChannel = shift == .scaleShift ? 2 : 1
        time = style.timeWidth.map { Linear(p / "time_emb_proj", $0, perChannel * outputs) }
        norm2 = GroupNorm(p / "norm2", groups: style.groups, channels: outputs, eps: style.eps)
        // A fresh block passes its input on (Dhariwal & Nichol 2021).
        conv2 = Conv2d(p / "conv2", outputs, outputs, initial: .zeros)
        shortcut = inputs == outputs ? nil : Conv2d(p / "conv_shortcut", inputs, outputs, kernel: 1)
    }

    func callAsFunction(_ x: Tensor, _ step: UNetStep) -> Tensor { self(x, time: step.time) }

    /// - Parameter embedding: (batch or 1, time width); nil in a network that knows no time
    func callAsFunction(_ x: Tensor, time embedding: Tensor?) -> Tensor {
        var x = x
        var h = norm1(x).silu()
        if let resampling {
            x = resampling(x)
            h = resampling(h)
        }
        h = conv2(modulated(conv1(h), embedding).silu())
        return (shortcut?(x) ?? x) + h
    }

    /// The second normalisation with the timestep.
    private func modulated(_ h: Tensor, _ embedding: Tensor?) -> Tensor {
        guard let project = time, let embedding else { return norm2(h) }
        let time = project(embedding).unsqueeze(2).unsqueeze(3)
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

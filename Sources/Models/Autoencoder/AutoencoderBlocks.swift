import NN
import Torch

/// Two convolutions beside a shortcut (diffusers' `ResnetBlock2D` without a timestep, and `ResnetBlockCondNorm2D`).
struct AutoencoderResnet {
    private let norm1: LatentNorm
    private let conv1: Conv2d
    private let norm2: LatentNorm
    private let conv2: Conv2d
    private let shortcut: Conv2d?

    init(
        _ p: ParameterScope, _ kind: LatentNorm.Kind, _ names: AutoencoderNames, from inputs: Int, to outputs: Int
    ) {
        norm1 = LatentNorm(p / "norm1", kind, channels: inputs)
        conv1 = Conv2d(p / "conv1", inputs, outputs)
        norm2 = LatentNorm(p / "norm2", kind, channels: outputs)
        conv2 = Conv2d(p / "conv2", outputs, outputs)
        shortcut = inputs == outputs ? nil : Conv2d(p / names.shortcut, inputs, outputs, kernel: 1)
    }

    func callAsFunction(_ x: Tensor, _ latents: Tensor) -> Tensor {
        let h = conv1(norm1(x, latents).silu())
        return (shortcut?(x) ?? x) + conv2(norm2(h, latents).silu())
    }
}

/// Attention of every place to all others, in one head.
struct AutoencoderAttention {
    private let norm: LatentNorm
    private let query: Linear
    private let key: Linear
    private let value: Linear
    private let out: Linear

    init(_ p: ParameterScope, _ kind: LatentNorm.Kind, _ names: AutoencoderNames, channels: Int) {
        // Checkpoints of before 2023, such as Stable Diffusion's own, have other names.
        let names = names.fitting(hasOldAttention: p.sourceHas("proj_attn")).attention
        let isSpatial = if case .spatial = kind { true } else { false }
        norm = LatentNorm(p / (isSpatial ? "spatial_norm" : names.norm), kind, channels: channels)
        query = Linear(p / names.query, channels, channels)
        key = Linear(p / names.key, channels, channels)
        value = Linear(p / names.value, channels, channels)
        out = Linear(p / names.out, channels, channels)
    }

    func callAsFunction(_ x: Tensor, _ latents: Tensor) -> Tensor {
        let places = norm(x, latents).flatten(from: 2).transpose(1, 2)
        let seen = KeyValue(key(places), value(places), heads: 1)
        return x + out(seen.attended(by: query(places), heads: 1)).transpose(1, 2).reshape(x.shape)
    }
}

/// Residual blocks of one size, with or without attention after each.
struct AutoencoderLevel {
    private let resnets: [AutoencoderResnet]
    private let attentions: [AutoencoderAttention]

    init(
        _ p: ParameterScope, _ kind: LatentNorm.Kind, _ names: AutoencoderNames, from inputs: Int, to outputs: Int,
        layers: Int, attends: Bool
    ) {
        resnets = (0..<layers).map {
            AutoencoderResnet(p / names.resnets / $0, kind, names, from: $0 == 0 ? inputs : outputs, to: outputs)
        }
        attentions = (0..<(attends ? layers : 0)).map {
            AutoencoderAttention(p / names.attentions / $0, kind, names, channels: outputs)
        }
    }

    func callAsFunction(_ x: Tensor, _ latents: Tensor) -> Tensor {
        var x = x
        for (index, resnet) in resnets.enumerated() {
            x = resnet(x, latents)
            if index < attentions.count { x = attentions[index](x, latents) }
        }
        return x
    }
}

/// Two residual blocks with attention between them.
struct AutoencoderMiddle {
    private let first: AutoencoderResnet
    private let attention: AutoencoderAttention?
    private let last: AutoencoderResnet
    private let name: String

    init(
        _ p: ParameterScope, _ kind: LatentNorm.Kind, _ names: AutoencoderNames, channels: Int, attends: Bool
    ) {
        name = p.prefix
        first = AutoencoderResnet(p / names.middleResnets[0], kind, names, from: channels, to: channels)
        attention = attends ? AutoencoderAttention(p / names.middleAttention, kind, names, channels: channels) : nil
        last = AutoencoderResnet(p / names.middleResnets[1], kind, names, from: channels, to: channels)
    }

    func callAsFunction(_ x: Tensor, _ latents: Tensor, probe: LayerProbe?) -> Tensor {
        var x = first(x, latents)
        if let attention {
            x = attention(x, latents)
            probe?("\(name).attentions.0", x)
        }
        x = last(x, latents)
        probe?(name, x)
        return x
    }
}

import NN
import Torch

/// Pictures to latents, level by level (diffusers' `Encoder`).
struct AutoencoderEncoder {
    private struct Level {
        let name: String
        let blocks: AutoencoderLevel
        let downsample: Conv2d?
    }

    private let convIn: Conv2d
    private let levels: [Level]
    private let middle: AutoencoderMiddle
    private let normOut: LatentNorm
    private let convOut: Conv2d
    private let name: String

    /// - Parameter outputs: channels of what comes out
    init(_ p: ParameterScope, _ layout: AutoencoderLayout, outputs: Int) {
        name = p.prefix
        let kind = LatentNorm.Kind.group(groups: layout.normNumGroups)
        let names = AutoencoderNames.diffusers
        let widths = layout.blockOutChannels
        convIn = Conv2d(p / "conv_in", layout.inChannels, widths[0])
        levels = widths.indices.map { index in
            let scope = p / "down_blocks" / index
            return Level(
                name: scope.prefix,
                blocks: AutoencoderLevel(
                    scope, kind, names, from: widths[max(0, index - 1)], to: widths[index],
                    layers: layout.layersPerBlock, attends: layout.downAttention[index]),
                downsample: index == widths.count - 1
                    ? nil
                    : Conv2d(scope / "downsamplers" / 0 / "conv", widths[index], widths[index], stride: 2, padding: 0))
        }
        let coarsest = widths[widths.count - 1]
        middle = AutoencoderMiddle(p / names.middle, kind, names, channels: coarsest, attends: layout.hasMidAttention)
        normOut = LatentNorm(p / names.normOut, kind, channels: coarsest)
        convOut = Conv2d(p / "conv_out", coarsest, outputs)
    }

    /// The weights' type, in which it computes.
    var dtype: DType { convIn.weight.dtype }

    func callAsFunction(_ pictures: Tensor, probe: LayerProbe?) -> Tensor {
        // No latents yet: plain normalisations do not look at them.
        let none = pictures
        var x = convIn(pictures)
        for level in levels {
            x = level.blocks(x, none)
            // The reference pads on the right and below alone.
            if let downsample = level.downsample { x = downsample(x.constantPad([0, 1, 0, 1])) }
            probe?(level.name, x)
        }
        x = middle(x, none, probe: probe)
        x = convOut(normOut(x, none).silu())
        probe?("\(name).conv_out", x)
        return x
    }
}

/// Latents to pictures, level by level (diffusers' `Decoder` and `MoVQ`'s).
struct AutoencoderDecoder {
    private struct Level {
        let name: String
        let blocks: AutoencoderLevel
        let upsample: Conv2d?
    }

    private let convIn: Conv2d
    private let middle: AutoencoderMiddle
    private let levels: [Level]
    private let normOut: LatentNorm
    private let convOut: Conv2d
    private let name: String

    init(
        _ p: ParameterScope, _ layout: AutoencoderLayout, _ kind: LatentNorm.Kind, names: AutoencoderNames = .diffusers
    ) {
        name = p.prefix
        let widths = Array(layout.blockOutChannels.reversed())
        convIn = Conv2d(p / "conv_in", layout.latentChannels, widths[0])
        middle = AutoencoderMiddle(p / names.middle, kind, names, channels: widths[0], attends: layout.hasMidAttention)
        levels = widths.indices.map { index in
            let scope = p / names.level(index, widths.count)
            return Level(
                name: scope.prefix,
                blocks: AutoencoderLevel(
                    scope, kind, names, from: widths[max(0, index - 1)], to: widths[index],
                    layers: layout.layersPerBlock + 1, attends: layout.upAttention[index]),
                upsample: index == widths.count - 1
                    ? nil : Conv2d(scope / names.upsample, widths[index], widths[index]))
        }
        let finest = widths[widths.count - 1]
        normOut = LatentNorm(p / names.normOut, kind, channels: finest)
        convOut = Conv2d(p / "conv_out", finest, layout.outChannels)
    }

    /// The weights' type, in which it computes.
    var dtype: DType { convIn.weight.dtype }

    /// - Parameters:
    ///   - x: (batch, latent channels, height, width): what is decoded
    ///   - latents: what spatial normalisations look at
    func callAsFunction(_ x: Tensor, _ latents: Tensor, probe: LayerProbe?) -> Tensor {
        var x = convIn(x)
        probe?("\(name).conv_in", x)
        x = middle(x, latents, probe: probe)
        for level in levels {
            x = level.blocks(x, latents)
            if let upsample = level.upsample {
                x = upsample(x.upsampleNearest(size: [2 * x.size(2), 2 * x.size(3)]))
            }
            probe?(level.name, x)
        }
        return convOut(normOut(x, latents).silu())
    }
}

import NN
import Torch

/// An upsampler of one step whose every pixel is a mixture of the small picture's colours nearby, in shares that add up
/// to 1 (Jo et al. 2018, dynamic upsampling filters; here with taps far apart, so that both sides of a soft edge are
/// within reach).
///
/// To draw an edge hard it has to choose, not to paint: it makes no colour beyond those nearby, so nothing rings and flat
/// parts stay flat. It sees neither the noise nor the timestep, and has no normalisation, whose means would be others in
/// a whole picture than in the squares that it is trained on.
public final class DynamicFilterUpsampler: Upsampler {
    static let channels = 3

    public let config: DynamicFilterUpsamplerConfig
    private let convIn: Conv2d
    private let blocks: [(first: Conv2d, second: Conv2d)]
    private let convOut: Conv2d

    public init(_ config: DynamicFilterUpsamplerConfig, _ p: ParameterScope) {
        self.config = config
        convIn = Conv2d(p / "conv_in", Self.channels, config.width)
        blocks = (0..<config.blocks).map { index in
            let scope = p / "blocks" / index
            return (
                Conv2d(scope / "conv1", config.width, config.width),
                Conv2d(scope / "conv2", config.width, config.width, initial: .zeros)
            )
        }
        convOut = Conv2d(p / "conv_out", config.width, config.offsets.count * config.factor * config.factor)
    }

    public var sizeMultiple: Int { config.factor }

    public func callAsFunction(_ sample: Tensor, _ timesteps: Tensor, probe: LayerProbe?) -> Tensor {
        let seen = sample.narrow(dim: 1, start: sample.size(1) - Self.channels, length: Self.channels)
        // In the middle of each square of pixels, enlarging left the small picture's colour.
        let small = seen.to(.float32).interpolate(
            size: [sample.size(2) / config.factor, sample.size(3) / config.factor], mode: .bilinear)
        // One after the other: the shares of a picture take many times its own memory.
        let pictures = Tensor.cat(
            (0..<small.size(0)).map { enlarged(small.narrow(dim: 0, start: $0, length: 1)) }, dim: 0)
        probe?("conv_out", pictures)
        return pictures.to(sample.dtype)
    }

    private func enlarged(_ small: Tensor) -> Tensor {
        var x = convIn(small.to(convIn.weight.dtype))
        for block in blocks { x = x + block.second(block.first(x).silu()) }
        return mixed(small, shares: convOut(x.silu()))
    }

    /// - Parameters:
    ///   - small: (batch, 3, height, width)
    ///   - shares: (batch, colours · factor², height, width), before they are made to add up to 1
    /// - Returns: (batch, 3, height · factor, width · factor)
    private func mixed(_ small: Tensor, shares: Tensor) -> Tensor {
        let (batch, height, width) = (small.size(0), small.size(2), small.size(3))
        let reach = config.reaches.max() ?? 0
        let wide = small.replicationPad2d([reach, reach, reach, reach])
        let shares = shares.reshape([batch, config.offsets.count, -1, height, width]).to(.float32).softmax(dim: 1)
        func part(_ index: Int) -> Tensor {
            let offset = config.offsets[index]
            let colour = wide.narrow(dim: 2, start: reach + offset.y, length: height)
                .narrow(dim: 3, start: reach + offset.x, length: width)
            return colour.unsqueeze(2) * shares.narrow(dim: 1, start: index, length: 1)
        }
        return config.offsets.indices.dropFirst().reduce(part(0)) { $0 + part($1) }
            .reshape([batch, -1, height, width]).pixelShuffle(config.factor)
    }
}

import NN
import Torch

/// The U-Net itself, conditional or not: down, through the middle, and up with the outputs of the way down beside
/// (Ronneberger et al. 2015; Ho et al. 2020; diffusers' `UNet2DModel` and `UNet2DConditionModel`).
///
/// With a `patch_size` above 1 it folds squares of pixels into channels first and unfolds its output, so that most of
/// its work is done on a smaller picture (Shi et al. 2016, sub-pixel convolution).
final class UNetTrunk {
    private let timeEmbedding: TimestepEmbedding
    private let convIn: Conv2d
    private let down: [UNetDownBlock]
    private let mid: UNetMidBlock
    private let up: [UNetUpBlock]
    private let normOut: GroupNorm
    private let convOut: Conv2d
    private let patchSize: Int

    init(_ p: ParameterScope, _ plan: UNetPlan) throws {
        let layout = plan.layout
        let finest = layout.blockOutChannels[0]
        let seen = layout.inChannels - plan.silentChannels
        patchSize = layout.patchSize
        timeEmbedding = TimestepEmbedding(p / "time_embedding", width: finest, hidden: layout.timeWidth)
        convIn = Conv2d(
            p / "conv_in", layout.inChannels, finest,
            initial: plan.silentChannels > 0 ? .zeroingInputs(from: seen, .fanIn(9 * seen)) : nil)
        down = try layout.blockOutChannels.indices.map { try UNetDownBlock(p / "down_blocks" / $0, plan, level: $0) }
        mid = try UNetMidBlock(p / "mid_block", plan)
        up = try layout.blockOutChannels.indices.map { try UNetUpBlock(p / "up_blocks" / $0, plan, index: $0) }
        normOut = GroupNorm(
            p / "conv_norm_out", groups: layout.normNumGroups, channels: finest, eps: layout.normEps)
        convOut = Conv2d(p / "conv_out", finest, layout.outChannels, initial: .zeros)
    }

    /// The weights' type, in which the network computes.
    var dtype: DType { convIn.weight.dtype }

    /// - Parameters:
    ///   - sample: (batch, sample channels, height, width), both multiples of the layout's `sizeMultiple`
    ///   - timesteps: (batch) or (1)
    /// - Returns: (batch, sample channels out, height, width), in the weights' dtype
    func callAsFunction(
        _ sample: Tensor, _ timesteps: Tensor, context: UNetContext, probe: LayerProbe?
    ) -> Tensor {
        let time = timeEmbedding(timesteps)
        probe?("time_embedding", time)
        let step = UNetStep(
            time: (context.timeEmbedding.map { time + $0 } ?? time).silu(), context: context, probe: probe)
        let folded = patchSize > 1 ? sample.pixelUnshuffle(patchSize) : sample
        var x = convIn(folded.to(dtype))
        probe?("conv_in", x)
        var skipped = [x]
        for block in down {
            for stage in block.stages {
                x = stage(x, step)
                skipped.append(x)
            }
            probe?(block.name, x)
        }
        x = mid.layers(x, step)
        probe?(mid.name, x)
        for block in up {
            for stage in block.stages { x = stage(Tensor.cat([x, skipped.removeLast()], dim: 1), step) }
            x = block.upsampler(x, step)
            probe?(block.name, x)
        }
        x = normOut(x)
        probe?("conv_norm_out", x)
        let out = convOut(x.silu())
        return patchSize > 1 ? out.pixelShuffle(patchSize) : out
    }

    /// Keys and values of the context tokens for all attention layers, by name.
    func keyValues(of context: Tensor) -> [String: KeyValue] {
        let layers = down.flatMap { $0.stages.joined() } + mid.layers + up.flatMap { $0.stages.joined() }
        return layers.reduce(into: [:]) { $0.merge($1.keyValues(of: context)) { first, _ in first } }
    }
}

import NN
import Torch

/// One level on the way down. The output of each stage is kept for the way up.
struct UNetDownBlock {
    let name: String
    let stages: [[any UNetLayer]]

    init(_ p: ParameterScope, _ plan: UNetPlan, level index: Int) throws {
        name = p.prefix
        let layout = plan.layout
        let type = try plan.type(layout.downBlockTypes[index], in: UNetBlockType.down, key: "down_block_types")
        let level = plan.level(index)
        let before = plan.layout.blockOutChannels[max(0, index - 1)]
        var stages: [[any UNetLayer]] = try (0..<layout.layersPerBlock).map { layer in
            let inputs = layer == 0 ? before : level.channels
            let resnet = ResnetBlock2D(p / "resnets" / layer, from: inputs, to: level.channels, layout.resnets)
            return try [resnet] + (type.attention.map { [try $0(p / "attentions" / layer, level)] } ?? [])
        }
        if index < layout.blockOutChannels.count - 1 {
            stages.append([type.resampler(p / "downsamplers" / 0, level, .down)])
        }
        self.stages = stages
    }
}

/// The middle, at the coarsest level.
struct UNetMidBlock {
    let name: String
    let layers: [any UNetLayer]

    init(_ p: ParameterScope, _ plan: UNetPlan) throws {
        name = p.prefix
        let type = try plan.type(plan.layout.midBlockType, in: UNetMidBlockType.all, key: "mid_block_type")
        let level = plan.level(plan.layout.blockOutChannels.count - 1)
        func resnet(_ index: Int) -> any UNetLayer {
            ResnetBlock2D(p / "resnets" / index, from: level.channels, to: level.channels, plan.layout.resnets)
        }
        layers =
            try [resnet(0)]
            + (0..<type.pairs(plan)).flatMap { pair in
                try (type.attention.map { [try $0(p / "attentions" / pair, level)] } ?? []) + [resnet(pair + 1)]
            }
    }
}

/// One level on the way up. Each stage takes, beside its input, what a stage of the way down put out.
struct UNetUpBlock {
    let name: String
    let stages: [[any UNetLayer]]
    let upsampler: [any UNetLayer]

    /// - Parameter index: from the coarsest level
    init(_ p: ParameterScope, _ plan: UNetPlan, index: Int) throws {
        name = p.prefix
        let layout = plan.layout
        let type = try plan.type(layout.upBlockTypes[index], in: UNetBlockType.up, key: "up_block_types")
        let coarsest = layout.blockOutChannels.count - 1
        let level = plan.level(coarsest - index)
        let before = layout.blockOutChannels[min(coarsest, coarsest - index + 1)]
        let next = layout.blockOutChannels[max(0, coarsest - index - 1)]
        stages = try (0...layout.layersPerBlock).map { layer in
            let inputs = layer == 0 ? before : level.channels
            let skipped = layer == layout.layersPerBlock ? next : level.channels
            let resnet = ResnetBlock2D(
                p / "resnets" / layer, from: inputs + skipped, to: level.channels, layout.resnets)
            return try [resnet] + (type.attention.map { [try $0(p / "attentions" / layer, level)] } ?? [])
        }
        upsampler = index < coarsest ? [type.resampler(p / "upsamplers" / 0, level, .up)] : []
    }
}

extension UNetPlan {
    /// - Parameter index: from the finest level
    fileprivate func level(_ index: Int) -> UNetLevel {
        UNetLevel(
            plan: self, channels: layout.blockOutChannels[index], headWidth: headWidths[index],
            transformerLayers: transformerLayers.isEmpty ? 1 : transformerLayers[index])
    }
}

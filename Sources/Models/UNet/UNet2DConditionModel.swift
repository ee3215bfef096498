import NN
import Torch

/// A U-Net conditioned on context tokens and on a vector, as the decoder is (diffusers' `UNet2DConditionModel`).
public final class UNet2DConditionModel {
    public let config: UNet2DConditionConfig
    private let trunk: UNetTrunk
    private let timeEmbeddings: [UNetConditioning.Embedding]
    private let context: UNetConditioning.Embedding

    /// - Throws: `ConfigurationError` for block types and conditions that are not known or do not fit
    public init(_ config: UNet2DConditionConfig, _ p: ParameterScope) throws {
        self.config = config
        let plan = UNetPlan(
            model: "UNet2DConditionModel", layout: config.layout, headWidths: config.attentionHeadDim,
            contextWidth: config.crossAttentionDim,
            silentChannels: (config.inpaintingChannels + config.sketchChannels) * config.layout.patchSize
                * config.layout.patchSize,
            transformerLayers: config.transformerLayersPerBlock, projectsLinearly: config.useLinearProjection)
        trunk = try UNetTrunk(p, plan)
        timeEmbeddings = try [
            config.classEmbedType.map {
                try plan.type($0, in: UNetConditioning.classEmbeddings, key: "class_embed_type")(
                    p / "class_embedding", config)
            },
            config.additionEmbedType.map {
                try plan.type($0, in: UNetConditioning.additions, key: "addition_embed_type")(
                    p / "add_embedding", config)
            },
        ].compactMap { $0 }
        context =
            try config.encoderHidDimType.map {
                try plan.type($0, in: UNetConditioning.contexts, key: "encoder_hid_dim_type")(
                    p / "encoder_hid_proj", config)
            } ?? { try $0.needContext() }
    }

    /// Height and width of a sample must be multiples of this.
    public var sizeMultiple: Int { config.layout.sizeMultiple }

    /// Brings the conditions into the network's widths, for one evaluation, as in training.
    ///
    /// - Throws: `MissingConditionError`
    public func condition(_ conditions: UNetConditions) throws -> UNetContext {
        let vectors = try timeEmbeddings.map { try $0(conditions).to(trunk.dtype) }
        return UNetContext(
            tokens: try context(conditions).to(trunk.dtype), mask: conditions.contextMask,
            timeEmbedding: vectors.dropFirst().reduce(vectors.first) { sum, vector in sum.map { $0 + vector } })
    }

    /// What the conditions become before they are put together, by the names of the layers that make it.
    ///
    /// - Throws: `MissingConditionError`
    public func embedded(_ conditions: UNetConditions) throws -> [(layer: String, output: Tensor)] {
        var outputs: [(layer: String, output: Tensor)] = []
        let names = [
            config.classEmbedType.map { _ in "class_embedding" }, config.additionEmbedType.map { _ in "add_embedding" },
        ]
        for (name, embedding) in zip(names.compactMap { $0 }, timeEmbeddings) {
            outputs.append((name, try embedding(conditions)))
        }
        if config.encoderHidDimType != nil { outputs.append(("encoder_hid_proj", try context(conditions))) }
        return outputs
    }

    /// As `condition`, and computes the keys and values of the context tokens too, for the many steps of a run.
    ///
    /// - Throws: `MissingConditionError`
    public func prepare(_ conditions: UNetConditions) throws -> UNetContext {
        let context = try condition(conditions)
        return context.tokens.map { context.keeping(trunk.keyValues(of: $0)) } ?? context
    }

    /// - Parameters:
    ///   - sample: (batch, channels in, height, width), with the known picture and mask last where it is for inpainting
    ///   - timesteps: (batch) or (1)
    ///   - context: from this network's `prepare` or `condition`
    /// - Returns: (batch, channels out, height, width), in the weights' dtype
    public func callAsFunction(
        _ sample: Tensor, _ timesteps: Tensor, context: UNetContext, probe: LayerProbe? = nil
    ) -> Tensor {
        trunk(sample, timesteps, context: context, probe: probe)
    }
}

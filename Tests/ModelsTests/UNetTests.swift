import Foundation
import Models
import NN
import TestSupport
import Testing
import Torch

@Suite(.serialized) struct UNetTests {
    private static let fixtures = ["karlo-tiny", "karlo-variation-tiny"]

    @Test(.enabled(if: fixtures.allSatisfy(Fixtures.canRun)), arguments: fixtures)
    func decoderAndTextProjectionMatchTheReference(fixture: String) throws {
        let golden = try Golden(fixture)
        let projection = try golden.model("text_proj", UnCLIPTextProjModel.init)
        let decoder = try golden.model("decoder", UNet2DConditionModel.init)
        for run in try GoldenRun.all(golden) {
            let images = try run("text_proj/image_embeddings")
            let texts = try run("text_proj/prompt_embeds")
            let projected = projection(
                imageEmbeds: texts.size(0) == images.size(0) ? images : projection.guided(images), textEmbeds: texts,
                textStates: try run.textStates())
            try golden.expect(projected.context, "\(run.name)/text_proj/encoder_hidden_states")
            try golden.expect(projected.timeEmbedding, "\(run.name)/text_proj/additive_clip_time_embeddings")

            let conditions = UNetConditions(
                context: projected.context, contextMask: projection.contextMask(try run.mask()),
                timeEmbedding: projected.timeEmbedding)
            let plain = try decoder.condition(conditions)
            let prepared = try decoder.prepare(conditions)
            for call in try run.calls("decoder", of: "decoder") {
                let timestep = Tensor([call.timestep])
                try golden.expect(decoder(call.latents, timestep, context: prepared), call.raw)
                let difference = try relativeError(
                    decoder(call.latents, timestep, context: plain), decoder(call.latents, timestep, context: prepared))
                #expect(difference < 1e-6)
            }
        }
    }

    @Test(.enabled(if: fixtures.allSatisfy(Fixtures.canRun)), arguments: fixtures)
    func upsamplersMatchTheReference(fixture: String) throws {
        let golden = try Golden(fixture)
        for network in ["super_res_first", "super_res_last"] {
            let model = try golden.model(network, UNet2DModel.init)
            for run in try GoldenRun.all(golden) {
                let small = try run("super_res/image_upscaled")
                for call in try run.calls("super_res", of: network) {
                    let output = model(Tensor.cat([call.latents, small], dim: 1), Tensor([call.timestep]))
                    try golden.expect(output, call.raw)
                }
            }
        }
    }

    @Test(.enabled(if: Fixtures.canRun("karlo-tiny")))
    func everyLayerMatchesTheReference() throws {
        let golden = try Golden("karlo-tiny")
        let run = GoldenRun(golden: golden, name: "a_3_3_2")
        let decoder = try golden.model("decoder", UNet2DConditionModel.init)
        let textMask = try run.mask()
        let mask = Tensor.cat([Tensor.full([2, 4], 1, dtype: .bool), textMask], dim: 1)
        let context = try decoder.condition(
            UNetConditions(
                context: try run("text_proj/encoder_hidden_states"), contextMask: mask,
                timeEmbedding: try run("text_proj/additive_clip_time_embeddings")))
        let call = try #require(try run.calls("decoder", of: "decoder").first)
        let timesteps = Tensor([call.timestep, call.timestep])
        try golden.expectLayers("decoder") { decoder(call.latents, timesteps, context: context, probe: $0) }

        let upsampler = try golden.model("super_res_first", UNet2DModel.init)
        let first = try #require(try run.calls("super_res", of: "super_res_first").first)
        let input = Tensor.cat([first.latents, try run("super_res/image_upscaled")], dim: 1)
        try golden.expectLayers("super_res_first") { upsampler(input, Tensor([first.timestep]), probe: $0) }
    }

    @Test(.enabled(if: Fixtures.canRun("kandinsky22-tiny")))
    func imageConditionsMatchTheReference() throws {
        let golden = try Golden("kandinsky22-tiny")
        let model = try golden.model("decoder/unet", UNet2DConditionModel.init)
        let embeds = try golden("t2i_a/unet/image_embeds")
        let context = try model.prepare(UNetConditions(imageEmbeds: embeds))
        for step in 0..<4 {
            let latents = try golden("t2i_a/step0\(step)/sample_in").tile([2, 1, 1, 1])
            let timestep = try golden("t2i_a/step0\(step)/t").reshape([1])
            try golden.expect(model(latents, timestep, context: context), "t2i_a/unet/call0\(step)/raw")
        }
    }

    @Test(
        .enabled(if: Fixtures.canRun("karlo-tiny")),
        arguments: [(DType.float32, true, 1e-5), (.bfloat16, false, 0.05), (.bfloat16, true, 0.05)])
    func otherTypesAndLayoutsStayClose(dtype: DType, channelsLast: Bool, tolerance: Double) throws {
        let golden = try Golden("karlo-tiny")
        let run = GoldenRun(golden: golden, name: "a_3_3_2")
        let projection = try golden.model("text_proj", dtype: dtype, UnCLIPTextProjModel.init)
        let decoder = try golden.model("decoder", dtype: dtype, channelsLast: channelsLast, UNet2DConditionModel.init)
        let projected = projection(
            imageEmbeds: projection.guided(try run("text_proj/image_embeddings")),
            textEmbeds: try run("text_proj/prompt_embeds"), textStates: try run.textStates())
        let context = try decoder.prepare(
            UNetConditions(
                context: projected.context, contextMask: projection.contextMask(try run.mask()),
                timeEmbedding: projected.timeEmbedding))
        let call = try #require(try run.calls("decoder", of: "decoder").first)
        let output = decoder(call.latents, Tensor([call.timestep]), context: context)
        #expect(output.dtype == dtype)
        try golden.expect(output, call.raw, tolerance: tolerance)

        let upsampler = try golden.model("super_res_first", dtype: dtype, channelsLast: channelsLast, UNet2DModel.init)
        let first = try #require(try run.calls("super_res", of: "super_res_first").first)
        let input = Tensor.cat([first.latents, try run("super_res/image_upscaled")], dim: 1)
        try golden.expect(upsampler(input, Tensor([first.timestep])), first.raw, tolerance: tolerance)
    }

    @Test func everyParameterLearns() throws {
        let config = UNet2DConditionConfig.tiny
        let weights = try RandomWeights { try UNet2DConditionModel(config, $0) }
        let store = ParameterStore(source: weights)
        let model = try UNet2DConditionModel(config, store.root)
        for parameter in store.parameters { parameter.tensor.requiresGrad = true }
        let generator = Generator(seed: 5)
        let context = try model.condition(
            UNetConditions(
                context: .randn([2, 3, 6], generator: generator),
                contextMask: Tensor([true, true, false, true, true, true], shape: [2, 3]),
                timeEmbedding: .randn([2, 16], generator: generator)))
        let sample = Tensor.randn([2, 3, 8, 8], generator: generator)
        try model(sample, Tensor([3, 900] as [Int64]), context: context).square().sum().backward()
        for parameter in store.parameters {
            let gradient = try #require(parameter.tensor.grad, "\(parameter.key) has no gradient")
            guard !parameter.key.hasSuffix("to_k.bias"), !parameter.key.hasSuffix("add_k_proj.bias") else { continue }
            #expect(try gradient.abs().amax().item() > 0, "\(parameter.key)")
        }
    }

    @Test func inpaintingChannelsAreUnseenAtFirst() throws {
        var config = UNet2DConditionConfig.tiny
        config.layout.inChannels = 7
        config.inpaintingChannels = 4
        let store = ParameterStore()
        _ = try UNet2DConditionModel(config, store.root)
        let weight = try #require(store.parameters.first { $0.key == "conv_in.weight" }).tensor
        #expect(weight.shape == [4, 7, 3, 3])
        #expect(try weight.narrow(dim: 1, start: 3, length: 4).abs().amax().item() == 0)
        #expect(try weight.narrow(dim: 1, start: 0, length: 3).abs().amin().item() > 0)
    }

    @Test func aFoldedUpsamplerIsThePlainOneOnFoldedPixels() throws {
        let config = UNet2DConfig(inChannels: 6, outChannels: 3, blockOutChannels: [32, 64], patchSize: 4)
        #expect(config.layout.inChannels == 96 && config.layout.outChannels == 48)
        var plain = config
        plain.layout.patchSize = 1
        let weights = try RandomWeights { try UNet2DModel(plain, $0) }
        let folded = try UNet2DModel(config, ParameterStore(source: weights).root)
        let inner = try UNet2DModel(plain, ParameterStore(source: weights).root)
        #expect(folded.config.layout.sampleChannels == (6, 3) && folded.sizeMultiple == 8)
        let sample = Tensor.randn([1, 6, 16, 24], generator: Generator(seed: 1))
        let output = folded(sample, Tensor([500] as [Int64]))
        #expect(output.shape == [1, 3, 16, 24])
        let expected = inner(sample.pixelUnshuffle(4), Tensor([500] as [Int64])).pixelShuffle(4)
        #expect(try relativeError(output, expected) == 0)
    }

    @Test func aFoldedDecoderIsThePlainOneOnFoldedPixels() throws {
        var plain = UNet2DConditionConfig.tiny
        plain.layout.inChannels = 28
        plain.layout.outChannels = 12
        plain.inpaintingChannels = 16
        var config = plain
        config.layout.patchSize = 2
        config.inpaintingChannels = 4
        let weights = try RandomWeights { try UNet2DConditionModel(plain, $0) }
        let folded = try UNet2DConditionModel(config, ParameterStore(source: weights).root)
        let inner = try UNet2DConditionModel(plain, ParameterStore(source: weights).root)
        let generator = Generator(seed: 1)
        let conditions = UNetConditions(
            context: .randn([1, 3, 6], generator: generator), timeEmbedding: .randn([1, 16], generator: generator))
        let sample = Tensor.randn([1, 7, 16, 8], generator: generator)
        let output = folded(sample, Tensor([500] as [Int64]), context: try folded.prepare(conditions))
        #expect(output.shape == [1, 3, 16, 8] && folded.sizeMultiple == 4)
        let expected = inner(
            sample.pixelUnshuffle(2), Tensor([500] as [Int64]), context: try inner.prepare(conditions))
        #expect(try relativeError(output, expected.pixelShuffle(2)) == 0)
    }

    @Test(arguments: [true, false])
    func transformersKeepTheContextsKeysAndValues(linear: Bool) throws {
        var config = UNet2DConditionConfig.tiny
        config.layout.downBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"]
        config.layout.midBlockType = "UNetMidBlock2DCrossAttn"
        config.layout.upBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"]
        config.transformerLayersPerBlock = [2, 1]
        config.useLinearProjection = linear
        config.classEmbedType = "projection"
        config.projectionClassEmbeddingsInputDim = 10
        config.attentionHeadDim = [2, 4]
        let weights = try RandomWeights { try UNet2DConditionModel(config, $0) }
        let store = ParameterStore(source: weights)
        let model = try UNet2DConditionModel(config, store.root)
        try store.verify()
        let generator = Generator(seed: 4)
        let conditions = UNetConditions(
            context: .randn([2, 3, 6], generator: generator), timeEmbedding: .randn([2, 10], generator: generator))
        let sample = Tensor.randn([2, 3, 8, 12], generator: generator)
        let time = Tensor([500] as [Int64])
        let once = model(sample, time, context: try model.condition(conditions))
        let kept = model(sample, time, context: try model.prepare(conditions))
        #expect(once.shape == [2, 3, 8, 12])
        #expect(try relativeError(kept, once) < 1e-6)
        var other = conditions
        other.context = .randn([2, 3, 6], generator: generator)
        #expect(try relativeError(model(sample, time, context: try model.prepare(other)), once) > 1e-4)
    }

    @Test func aMissingConditionIsAnErrorThatNamesIt() throws {
        let model = try UNet2DConditionModel(.tiny, ParameterStore().root)
        let error = #expect(throws: MissingConditionError.self) {
            try model.prepare(UNetConditions(context: .zeros([1, 3, 6])))
        }
        #expect(error?.condition == "timeEmbedding")
    }
}

extension UNet2DConditionConfig {
    static var tiny: UNet2DConditionConfig {
        var layout = UNetLayout(
            channels: 3, blockOutChannels: [4, 8],
            downBlockTypes: ["ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"],
            midBlockType: "UNetMidBlock2DSimpleCrossAttn",
            upBlockTypes: ["SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"])
        layout.layersPerBlock = 1
        layout.normNumGroups = 2
        layout.resnetTimeScaleShift = .scaleShift
        return UNet2DConditionConfig(layout: layout, headWidth: 4, crossAttentionDim: 6)
    }
}

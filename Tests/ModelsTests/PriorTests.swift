import Foundation
import Models
import NN
import TestSupport
import Testing
import Torch

@Suite(.serialized) struct PriorTests {
    @Test(.enabled(if: Fixtures.canRun("karlo-tiny")))
    func matchesTheReferenceWithAndWithoutPreparation() throws {
        let golden = try Golden("karlo-tiny")
        let model = try golden.model("prior", PriorTransformer.init)
        for run in try GoldenRun.all(golden) {
            let text = PriorText(
                embeds: try run("text_proj/prompt_embeds"), states: try run.textStates(), mask: try run.mask())
            let context = model.prepare(text)
            for call in try run.calls("prior", of: "prior") {
                let timestep = Tensor([call.timestep])
                try golden.expect(model(call.latents, timestep, text: text), call.raw)
                try golden.expect(model(call.latents, timestep, context: context), call.raw)
            }
        }
    }

    @Test(.enabled(if: Fixtures.canRun("karlo-tiny")))
    func everyLayerMatchesTheReference() throws {
        let golden = try Golden("karlo-tiny")
        let model = try golden.model("prior", PriorTransformer.init)
        let run = GoldenRun(golden: golden, name: "a_3_3_2")
        let text = PriorText(
            embeds: try run("text_proj/prompt_embeds"), states: try run.textStates(), mask: try run.mask())
        let call = try #require(try run.calls("prior", of: "prior").first)
        try golden.expectLayers("prior") { model(call.latents, Tensor([call.timestep]), text: text, probe: $0) }
        let last = try run("prior/step02/sample_out")
        try golden.expect(model.postProcess(last), "a_3_3_2/text_proj/image_embeddings")
        #expect(try relativeError(model.standardise(model.postProcess(last)), last) < 1e-5)
    }

    @Test(.enabled(if: Fixtures.canRun("karlo-tiny")))
    func bfloat16StaysClose() throws {
        let golden = try Golden("karlo-tiny")
        let run = GoldenRun(golden: golden, name: "a_3_3_2")
        let encoder = try golden.model("text_encoder", dtype: .bfloat16, CLIPTextModelWithProjection.init)
        let encoded = encoder(try golden.rows("a_3_3_2/text/uncond/input_ids", "a_3_3_2/text/cond/input_ids"))
        let text = PriorText(embeds: encoded.textEmbeds, states: encoded.lastHiddenState, mask: try run.mask())
        #expect(try relativeError(text.states, try run.textStates()) < 0.05)
        let model = try golden.model("prior", dtype: .bfloat16, PriorTransformer.init)
        let call = try #require(try run.calls("prior", of: "prior").first)
        let output = model(call.latents, Tensor([call.timestep]), context: model.prepare(text))
        #expect(output.dtype == .bfloat16)
        try golden.expect(output, call.raw, tolerance: 0.05)
    }

    @Test func everyParameterLearnsAndTheStatisticsDoNot() throws {
        var config = PriorConfig()
        config.numAttentionHeads = 2
        config.attentionHeadDim = 8
        config.numLayers = 2
        config.embeddingDim = 12
        config.numEmbeddings = 5
        let store = ParameterStore()
        let model = PriorTransformer(config, store.root)
        for parameter in store.parameters { parameter.tensor.requiresGrad = true }
        let generator = Generator(seed: 3)
        let text = PriorText(
            embeds: .randn([2, 12], generator: generator), states: .randn([2, 5, 12], generator: generator),
            mask: Tensor([true, true, false, false, false, true, true, true, true, false], shape: [2, 5]))
        let latents = Tensor.randn([2, 12], generator: generator)
        try model(latents, Tensor([3, 900] as [Int64]), text: text).square().sum().backward()
        for parameter in store.parameters where !parameter.key.hasSuffix("to_k.bias") {
            let gradient = try #require(parameter.tensor.grad, "\(parameter.key) has no gradient")
            #expect(try gradient.abs().amax().item() > 0, "\(parameter.key)")
        }
        #expect(store.buffers.map(\.key) == ["clip_mean", "clip_std"])
    }

    @Test(arguments: [
        (#"{"norm_in_type": "layer"}"#, "norm_in_type", "\"layer\""),
        (#"{"added_emb_type": null}"#, "added_emb_type", "null"),
        (#"{"additional_embeddings": 6}"#, "additional_embeddings", "6"),
        (#"{"num_layers": [1]}"#, "num_layers", "[1]"),
    ])
    func aWrongConfigurationNamesItsKeyAndValue(json: String, key: String, value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try JSONDecoder().decode(PriorConfig.self, from: Data(json.utf8))
        }
        #expect(error?.key == key)
        #expect(error?.value == value)
    }
}

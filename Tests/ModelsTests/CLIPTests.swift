import Foundation
import Models
import NN
import TestSupport
import Testing
import Torch

@Suite(.serialized) struct CLIPTests {
    @Test(.enabled(if: Fixtures.canRun("karlo-tiny")))
    func textEncoderMatchesTheReference() throws {
        let golden = try Golden("karlo-tiny")
        let model = try golden.model("text_encoder", CLIPTextModelWithProjection.init)
        for key in golden.names("") where key.hasSuffix("/input_ids") {
            let run = key.dropLast("/input_ids".count)
            let output = model(try golden(key))
            try golden.expect(output.lastHiddenState, "\(run)/last_hidden_state")
            try golden.expect(output.textEmbeds, "\(run)/text_embeds")
        }
        let ids = try golden.rows("a_3_3_2/text/uncond/input_ids", "a_3_3_2/text/cond/input_ids")
        try golden.expectLayers("text_encoder") { probe in model(ids, probe: probe) }
    }

    @Test(.enabled(if: Fixtures.canRun("karlo-variation-tiny")))
    func imageEncoderMatchesTheReference() throws {
        let golden = try Golden("karlo-variation-tiny")
        let model = try golden.model("image_encoder", CLIPVisionModelWithProjection.init)
        for run in ["a_3_2", "b_25_7"] {
            let output = model(try golden("\(run)/image/pixel_values"))
            try golden.expect(output.lastHiddenState, "\(run)/image/last_hidden_state")
            try golden.expect(output.imageEmbeds, "\(run)/image/image_embeds")
        }
        let pixels = try golden("a_3_2/image/pixel_values")
        try golden.expectLayers("image_encoder") { probe in model(pixels, probe: probe) }
    }

    @Test func poolsAtTheFirstEndTokenOrTheLargestID() throws {
        var config = CLIPTextConfig.tiny
        config.eosTokenID = 9
        let ids = Tensor([1, 9, 9, 11, 1, 3, 9, 11] as [Int64], shape: [2, 4])
        let store = ParameterStore()
        let first = CLIPTextModelWithProjection(config, store.root)(ids)
        config.eosTokenID = 2
        let largest = CLIPTextModelWithProjection(config, ParameterStore().root)(ids)
        #expect(try relativeError(first.lastHiddenState, largest.lastHiddenState) == 0)
        let projection = try #require(store.parameters.first { $0.key == "text_projection.weight" }).tensor
        func embeds(_ row: Int, _ token: Int) -> Tensor {
            first.lastHiddenState.select(dim: 0, index: row).narrow(dim: 0, start: token, length: 1)
                .linear(projection, nil)
        }
        #expect(try relativeError(first.textEmbeds, Tensor.cat([embeds(0, 1), embeds(1, 2)], dim: 0)) < 1e-6)
        #expect(try relativeError(largest.textEmbeds, Tensor.cat([embeds(0, 3), embeds(1, 3)], dim: 0)) < 1e-6)
    }

    @Test func everyParameterLearns() throws {
        let store = ParameterStore()
        let text = CLIPTextModelWithProjection(.tiny, store.root / "text")
        let vision = CLIPVisionModelWithProjection(.tiny, store.root / "vision")
        for parameter in store.parameters { parameter.tensor.requiresGrad = true }
        let ids = Tensor([1, 3, 9, 11, 1, 5, 9, 11] as [Int64], shape: [2, 4])
        let pixels = Tensor.randn([2, 3, 8, 8], generator: Generator(seed: 1))
        let product = text(ids).textEmbeds.matmul(vision(pixels).imageEmbeds.transpose(0, 1))
        try product.square().sum().backward()
        for parameter in store.parameters {
            let gradient = try #require(parameter.tensor.grad, "\(parameter.key) has no gradient")
            // A key's bias moves all scores of a query alike, which the softmax does not see.
            guard !parameter.key.hasSuffix("k_proj.bias") else { continue }
            // What is left where nothing is learnt is a rounding error, on some processors.
            #expect(try gradient.abs().amax().item() > 1e-8, "\(parameter.key)")
        }
    }

    @Test func configurationsKeepWhatTheySay() throws {
        let json = #"{"hidden_size": 24, "num_attention_heads": 3, "eos_token_id": 2, "hidden_act": "gelu"}"#
        let text = try JSONDecoder().decode(CLIPTextConfig.self, from: Data(json.utf8))
        #expect(text.hiddenSize == 24 && text.eosTokenID == 2 && text.maxPositionEmbeddings == 77)
        #expect(try JSONDecoder().decode(CLIPTextConfig.self, from: JSONEncoder().encode(text)) == text)
        let vision = try JSONDecoder().decode(CLIPVisionConfig.self, from: Data(json.utf8))
        #expect(vision.hiddenSize == 24 && vision.patchSize == 32 && vision.hiddenAct == .gelu)
        #expect(try JSONDecoder().decode(CLIPVisionConfig.self, from: JSONEncoder().encode(vision)) == vision)
    }

    @Test(arguments: [
        (#"{"hidden_act": "mish"}"#, "hidden_act", "\"mish\""),
        (#"{"hidden_size": "wide"}"#, "hidden_size", "\"wide\""),
        (#"{"num_hidden_layers": -3}"#, "num_hidden_layers", "-3"),
        (#"{"hidden_size": 30, "num_attention_heads": 4}"#, "num_attention_heads", "4"),
        (#"{"attention_dropout": 0.5}"#, "attention_dropout", "0.5"),
        (#"{"vocab_size": 1e300}"#, "vocab_size", "1e+300"),
        (#"[1, 2]"#, "config.json", ""),
    ])
    func aWrongConfigurationNamesItsKeyAndValue(json: String, key: String, value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try JSONDecoder().decode(CLIPTextConfig.self, from: Data(json.utf8))
        }
        #expect(error?.key == key)
        #expect(error?.value == value)
    }
}

extension CLIPTextConfig {
    static var tiny: CLIPTextConfig {
        var config = CLIPTextConfig()
        config.vocabSize = 12
        config.hiddenSize = 16
        config.intermediateSize = 32
        config.projectionDim = 8
        config.numHiddenLayers = 2
        config.numAttentionHeads = 2
        config.maxPositionEmbeddings = 4
        config.eosTokenID = 11
        return config
    }
}

extension CLIPVisionConfig {
    static var tiny: CLIPVisionConfig {
        var config = CLIPVisionConfig()
        config.hiddenSize = 16
        config.intermediateSize = 32
        config.projectionDim = 8
        config.numHiddenLayers = 2
        config.numAttentionHeads = 2
        config.imageSize = 8
        config.patchSize = 4
        return config
    }
}

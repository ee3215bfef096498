import Foundation
import Models
import NN
import Testing

@Suite struct UNetConfigTests {
    @Test func configurationsKeepWhatTheySay() throws {
        var conditional = UNet2DConditionConfig.tiny
        conditional.layout.inChannels = 7
        conditional.inpaintingChannels = 4
        conditional.attentionHeadDim = [2, 4]
        #expect(try again(conditional) == conditional)
        conditional.transformerLayersPerBlock = [1, 3]
        conditional.useLinearProjection = true
        conditional.projectionClassEmbeddingsInputDim = 12
        #expect(try again(conditional) == conditional)
        let plain = UNet2DConfig(inChannels: 6, outChannels: 3, blockOutChannels: [32, 64], patchSize: 4)
        #expect(try again(plain) == plain)
        let keys = try JSONSerialization.jsonObject(with: JSONEncoder().encode(plain)) as? [String: Any]
        #expect(keys?["_class_name"] as? String == "UNet2DModel")
        #expect(keys?["add_attention"] as? Bool == false)
        #expect(keys?["in_channels"] as? Int == 96)
    }

    @Test(
        arguments: [
            (["down_block_types": ["ResnetDownsampleBlock2D", "NoSuchBlock"]], "down_block_types", "\"NoSuchBlock\""),
            (["up_block_types": ["UpBlock3D", "ResnetUpsampleBlock2D"]], "up_block_types", "\"UpBlock3D\""),
            (["mid_block_type": "UNetMidBlock3D"], "mid_block_type", "\"UNetMidBlock3D\""),
            (["class_embed_type": "timestep"], "class_embed_type", "\"timestep\""),
            (["class_embed_type": "projection"], "projection_class_embeddings_input_dim", ""),
            (["encoder_hid_dim_type": "image_proj"], "encoder_hid_dim", ""),
            (["attention_head_dim": 3], "attention_head_dim", "3"),
        ] as [([String: any Sendable], String, String)])
    func aNetworkThatCannotBeBuiltNamesWhy(change: [String: any Sendable], key: String, value: String) throws {
        let config = try JSONDecoder().decode(UNet2DConditionConfig.self, from: json(changing: change))
        let error = #expect(throws: ConfigurationError.self) {
            try UNet2DConditionModel(config, ParameterStore().root)
        }
        #expect(error?.key == key)
        #expect(error?.value == value)
        if key == "down_block_types" { #expect(error?.expected.contains("SimpleCrossAttnDownBlock2D") == true) }
    }

    @Test(
        arguments: [
            (["down_block_types": ["ResnetDownsampleBlock2D"]], "down_block_types"),
            (["block_out_channels": [4, 0]], "block_out_channels"),
            (["block_out_channels": [Int]()], "block_out_channels"),
            (["norm_num_groups": 3], "norm_num_groups"),
            (["act_fn": "mish"], "act_fn"),
            (["resnet_time_scale_shift": "ada_group"], "resnet_time_scale_shift"),
            (["attention_head_dim": [4, 4, 4]], "attention_head_dim"),
            (["inpainting_channels": 3], "inpainting_channels"),
        ] as [([String: any Sendable], String)])
    func aWrongConfigurationNamesItsKey(change: [String: any Sendable], key: String) throws {
        let data = try json(changing: change)
        let error = #expect(throws: ConfigurationError.self) {
            try JSONDecoder().decode(UNet2DConditionConfig.self, from: data)
        }
        #expect(error?.key == key)
    }

    @Test func anUnconditionalNetworkHasNoCrossAttention() throws {
        var config = UNet2DConfig(inChannels: 3, outChannels: 3, blockOutChannels: [32, 32])
        config.layout.upBlockTypes[0] = "SimpleCrossAttnUpBlock2D"
        let error = #expect(throws: ConfigurationError.self) { try UNet2DModel(config, ParameterStore().root) }
        #expect(error?.key == "cross_attention_dim")
        // The reference's default is attention in the middle block.
        let unsupported = #expect(throws: ConfigurationError.self) {
            try JSONDecoder().decode(UNet2DConfig.self, from: Data("{}".utf8))
        }
        #expect(unsupported?.key == "add_attention")
        let residual = #expect(throws: ConfigurationError.self) {
            try JSONDecoder().decode(
                UNet2DConfig.self, from: Data(#"{"add_attention": false, "residual": true}"#.utf8))
        }
        #expect(residual?.key == "residual")
    }

    private func again<C: Codable>(_ config: C) throws -> C {
        try JSONDecoder().decode(C.self, from: JSONEncoder().encode(config))
    }

    private func json(changing change: [String: any Sendable]) throws -> Data {
        let data = try JSONEncoder().encode(UNet2DConditionConfig.tiny)
        var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        object.merge(change) { $1 }
        return try JSONSerialization.data(withJSONObject: object)
    }
}

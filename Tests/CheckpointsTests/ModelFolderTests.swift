import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite(.serialized)
struct ModelFolderTests {
    struct Configuration: Decodable, Equatable {
        let channels: Int
        let levels: [Int]
    }

    private static let index = #"""
        {"_class_name": "UnCLIPPipeline", "_diffusers_version": "0.42.1", "decoder": ["diffusers", "UNet2DConditionModel"],
         "text_proj": ["unclip", "UnCLIPTextProjModel"], "safety_checker": [null, null], "requires_safety_checker": false}
        """#

    /// A model folder with one component, `decoder`, and what `change` makes of it.
    private func open<R>(_ change: (URL) throws -> Void = { _ in }, _ body: (ModelFolder) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            try folder.write(Self.index, to: "model_index.json")
            try folder.write(#"{"channels": 3, "levels": [1, 2]}"#, to: "decoder/config.json")
            try SafetensorsWriter.write(
                [("a", Tensor([1] as [Float]))],
                to: folder.appending(path: "decoder/diffusion_pytorch_model.safetensors"))
            try change(folder)
            return try body(ModelFolder(folder))
        }
    }

    private func error(_ change: (URL) throws -> Void, _ body: (ModelFolder) throws -> Void = { _ in })
        -> CheckpointError?
    {
        #expect(throws: CheckpointError.self) { try open(change, body) }
    }

    @Test func readsIndexConfigurationAndWeights() throws {
        try open { model in
            #expect(model.pipelineClass == "UnCLIPPipeline")
            #expect(model.components["text_proj"] == .init(library: "unclip", className: "UnCLIPTextProjModel"))
            #expect(model.components["safety_checker"] == nil)
            #expect(model.options["requires_safety_checker"] == .bool(false))
            #expect(model.manifest == nil)
            let configuration = try model.decode(Configuration.self, component: "decoder")
            #expect(configuration == .init(channels: 3, levels: [1, 2]))
            let keys = try model.weights(component: "decoder").keys
            #expect(keys == ["a"])
        }
    }

    @Test func readsWeightsOfOtherFormats() throws {
        let archive = TorchArchiveBuilder.archive([.init("b", shape: [2], strides: [1])], storages: [[1, 2]])
        let folder: (URL) throws -> Void = {
            try FileManager.default.removeItem(
                at: $0.appending(path: "decoder/diffusion_pytorch_model.safetensors"))
            try Data(archive).write(to: $0.appending(path: "decoder/pytorch_model.bin"))
        }
        try open(folder) { model in
            let keys = try model.weights(component: "decoder").keys
            #expect(keys == ["b"])
        }
    }

    @Test func readsFoldersOfOtherLayouts() throws {
        let layout = FolderLayout(
            pipelineClass: "Other", mark: "net",
            components: [
                "net": .init(
                    configurations: ["config.json"], weights: ["net"], keys: KeyMap(roots: [("model.", "")])),
                "words": .init(folders: ["words"]),
            ])
        try withTemporaryFolder { folder in
            #expect(!ModelFolder.exists(at: folder, layouts: [layout]))
            #expect(throws: CheckpointError.self) { try ModelFolder(folder, layouts: [layout]) }
            try folder.write(#"{"channels": 3, "levels": []}"#, to: "config.json")
            let net = FlaxBuilder.map([
                ("model", .map([("a", .floats([1], shape: [1]))])), ("b", .floats([1], shape: [1])),
            ])
            try Data(net.bytes).write(to: folder.appending(path: "net.msgpack"))
            try folder.write("", to: "words/vocab.txt")
            #expect(ModelFolder.exists(at: folder, layouts: [layout]))
            let model = try ModelFolder(folder, layouts: [layout])
            #expect(model.pipelineClass == "Other")
            #expect(try model.weights(component: "net").keys == ["a"])
            #expect(try model.decode(Configuration.self, component: "net").channels == 3)
            #expect(try model.folder(component: "words").lastPathComponent == "words")
            let missing = #expect(throws: CheckpointError.self) { try model.weights(component: "words") }
            #expect(missing?.kind == .missingFile)
        }
    }

    @Test func readsManifest() throws {
        let manifest = ModelManifest(
            name: "mini", family: "unclip", capabilities: ["text_to_image"],
            components: ["super_res_third": "SpaceToDepthUNet"])
        try open({ try AtomicFile.write(JSONEncoder().encode(manifest), to: $0.appending(path: "limn.json")) }) {
            #expect($0.manifest == manifest)
            #expect($0.components["super_res_third"]?.className == "SpaceToDepthUNet")
            #expect($0.components.count == 3)
        }
        let version = error { try $0.write(#"{"format": 2, "name": "a", "family": "b"}"#, to: "limn.json") }
        #expect(version?.kind == .unsupported)
        #expect(version?.key == "format")
    }

    @Test(arguments: [
        "diffusion_pytorch_model.fp16.safetensors", "model.safetensors", "model.fp16.safetensors",
    ])
    func findsVariants(_ name: String) throws {
        let rename: (URL) throws -> Void = {
            let decoder = $0.appending(path: "decoder")
            try FileManager.default.moveItem(
                at: decoder.appending(path: "diffusion_pytorch_model.safetensors"), to: decoder.appending(path: name))
        }
        let keys = try open(rename) { try $0.weights(component: "decoder").keys }
        #expect(keys == ["a"])
    }

    @Test(arguments: ["diffusion_pytorch_model.safetensors.index.json", "model.safetensors.index.fp16.json"])
    func findsShards(_ name: String) throws {
        let split: (URL) throws -> Void = {
            let decoder = $0.appending(path: "decoder")
            try FileManager.default.moveItem(
                at: decoder.appending(path: "diffusion_pytorch_model.safetensors"),
                to: decoder.appending(path: "shard-00001-of-00001.safetensors"))
            try decoder.write(#"{"weight_map": {"a": "shard-00001-of-00001.safetensors"}}"#, to: name)
        }
        let keys = try open(split) { try $0.weights(component: "decoder").keys }
        #expect(keys == ["a"])
    }

    @Test func namesTheCulprit() throws {
        func remove(_ path: String) -> (URL) throws -> Void {
            { try FileManager.default.removeItem(at: $0.appending(path: path)) }
        }
        func write(_ text: String, _ path: String) -> (URL) throws -> Void { { try $0.write(text, to: path) } }
        func decode(_ model: ModelFolder) throws { _ = try model.decode(Configuration.self, component: "decoder") }
        func load(_ model: ModelFolder) throws { _ = try model.weights(component: "decoder") }
        let config = "decoder/config.json", weights = "decoder/diffusion_pytorch_model.safetensors"

        #expect(error(remove("model_index.json"))?.kind == .notAModel)
        #expect(error(write("[]", "model_index.json"))?.file == "model_index.json")
        #expect(error(write(#"{"_class_name": "A", "b": [1]}"#, "model_index.json"))?.key == "b")
        #expect(error(write(#"{"_class_name": "A", "../b": ["x", "Y"]}"#, "model_index.json"))?.key == "../b")
        #expect(error({ _ in }) { _ = try $0.weights(component: "prior") }?.key == "prior")
        #expect(error({ _ in }) { _ = try $0.weights(component: "text_proj") }?.file == "text_proj")

        let missing = error(remove(config), decode)
        #expect(missing?.kind == .missingFile)
        #expect(missing?.file == config)
        let key = error(write(#"{"channels": 3}"#, config), decode)
        #expect(key?.file == config)
        #expect(key?.key == "levels")
        #expect(error(write(#"{"channels": "x", "levels": []}"#, config), decode)?.key == "channels")
        #expect(error(write(#"{"channels": 1, "levels": [1, "x"]}"#, config), decode)?.key == "levels.1")
        #expect(error(write("{", config), decode)?.kind == .malformed)

        #expect(error(remove(weights), load)?.kind == .missingFile)
        let torch = error(
            {
                try remove(weights)($0)
                try $0.write("x", to: "decoder/diffusion_pytorch_model.bin")
            }, load)
        #expect(torch?.kind == .truncated)
        #expect(torch?.file == "decoder/diffusion_pytorch_model.bin")
        let truncated = error(
            {
                let file = $0.appending(path: weights)
                try Data(contentsOf: file).dropLast(2).write(to: file)
            }, load)
        #expect(truncated?.kind == .truncated)
        #expect(truncated?.file == weights)
    }
}

import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch

@testable import Training

/// Components with a configuration and a weight each, as runs leave them.
private struct Parts {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Folders of components under one run's.
    func run(_ name: String, _ components: [String: String]) throws -> URL {
        let run = folder(name)
        for (component, className) in components {
            let isScheduler = component.hasSuffix("scheduler")
            try run.write(
                #"{"_class_name": "\#(className)"}"#, to: "\(component)/\(isScheduler ? "scheduler_" : "")config.json")
            guard !isScheduler else { continue }
            try SafetensorsWriter.write(
                [
                    ("weight", Tensor([1, 2, 3] as [Float], shape: [3])),
                    ("ids", Tensor([1, 2] as [Int64], shape: [2])),
                ],
                to: run.appending(path: component).appending(path: "diffusion_pytorch_model.safetensors"))
        }
        return run
    }

    /// All that `UnCLIPPipeline` has, in two runs.
    func standard() throws -> [URL] {
        let clip = try run("clip", ["text_encoder": "CLIPTextModelWithProjection"])
        try clip.write(#"{"tokenizer_class": "CLIPTokenizer"}"#, to: "tokenizer/tokenizer_config.json")
        return [
            clip,
            try run(
                "rest",
                [
                    "prior": "PriorTransformer", "prior_scheduler": "UnCLIPScheduler",
                    "text_proj": "UnCLIPTextProjModel",
                    "decoder": "UNet2DConditionModel", "decoder_scheduler": "UnCLIPScheduler",
                    "super_res_first": "UNet2DModel", "super_res_first_scheduler": "UnCLIPScheduler",
                ]),
            try run("last", ["super_res_last": "UNet2DModel", "super_res_last_scheduler": "UnCLIPScheduler"]),
        ]
    }

    var model: URL { folder("model") }

    /// What lies beside the model, hidden files too.
    func siblings() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder("").path) }

    func error(_ sources: [URL], manifest: URL? = nil) -> AssemblyError? {
        #expect(throws: AssemblyError.self) { try ModelAssembly(sources: sources, manifest: manifest) }
    }
}

@Suite struct AssemblyTests {
    @Test func karloComponentsMakeTheReferencesFolder() throws {
        let parts = try Parts()
        try ModelAssembly(sources: parts.standard(), manifest: nil).write(to: parts.model)
        let model = try ModelFolder(parts.model)
        #expect(model.pipelineClass == "UnCLIPPipeline")
        #expect(
            Set(model.components.keys) == [
                "text_encoder", "tokenizer", "text_proj", "prior", "prior_scheduler", "decoder", "decoder_scheduler",
                "super_res_first", "super_res_last", "super_res_scheduler",
            ])
        #expect(model.components["super_res_scheduler"]?.className == "UnCLIPScheduler")
        #expect(model.components["tokenizer"]?.library == "transformers")
        #expect(model.manifest == nil)
        #expect(try model.weights(component: "prior").dtype(of: "weight") == .float32)
    }

    @Test func aManifestListsWhatTheReferenceLacks() throws {
        let parts = try Parts()
        let run = try parts.run("run", ["linear_prior": "LinearPrior", "decoder": "UNet2DConditionModel"])
        try run.write(#"{"_class_name": "DDIMScheduler"}"#, to: "decoder_scheduler/scheduler_config.json")
        let stage = #"{"name": "decoder", "network": "decoder", "scheduler": "decoder_scheduler"}"#
        try run.write(#"{"name": "small", "linear_prior": "linear_prior", "stages": [\#(stage)]}"#, to: "limn.json")
        let manifest = run.appending(path: "limn.json")
        try ModelAssembly(sources: [run], manifest: manifest).write(to: parts.model, dtype: .bfloat16)
        let model = try ModelFolder(parts.model)
        #expect(model.manifest?.name == "small" && model.manifest?.family == "unclip")
        #expect(model.manifest?.components == ["linear_prior": "LinearPrior"])
        #expect(model.components["decoder"]?.library == "diffusers")
        let weights = try model.weights(component: "linear_prior")
        #expect(weights.dtype(of: "weight") == .bfloat16 && weights.dtype(of: "ids") == .int64)
        // A stage that draws with what is not there is found out now, not at the first request.
        try run.write(#"{"stages": [{"network": "super_res_first"}]}"#, to: "limn.json")
        #expect(parts.error([run], manifest: manifest) == .missing(["super_res_first"], neededBy: "the manifest"))
        #expect(parts.error([run]) == .undeclared(["linear_prior"]))
    }

    @Test func partsThatMakeNoModelAreRefusedByName() throws {
        let parts = try Parts()
        let standard = try parts.standard()
        #expect(
            parts.error(Array(standard.dropLast())) == .missing(["super_res_last"], neededBy: "UnCLIPPipeline"))
        #expect(parts.error([parts.folder("nowhere")]) == .noComponents(folder: "nowhere"))
        let other = try parts.run("other", ["decoder": "UNet2DModel"])
        #expect(parts.error(standard + [other]) == .givenTwice(component: "decoder"))
        try other.write("{}", to: "decoder/config.json")
        #expect(parts.error([other]).map { "\($0)".contains("_class_name") } == true)
    }

    @Test func aModelIsReplacedWholeAndItsCardStays() throws {
        let parts = try Parts()
        let assembly = try ModelAssembly(sources: parts.standard(), manifest: nil)
        try assembly.write(to: parts.model)
        try parts.model.write("about it", to: "README.md")
        try parts.model.write("{}", to: "stale/config.json")
        let before = try parts.siblings()
        try assembly.write(to: parts.model)
        let after = try FileManager.default.contentsOfDirectory(atPath: parts.model.path)
        #expect(after.contains("README.md") && !after.contains("stale") && after.contains("decoder"))
        #expect(try Set(parts.siblings()) == Set(before), "nothing is left beside it")
    }

    @Test func whatIsNoModelIsLeftAlone() throws {
        let parts = try Parts()
        let sources = try parts.standard()
        try parts.model.write("mine", to: "pictures/one.txt")
        #expect(throws: AssemblyError.occupied(folder: "model")) {
            try ModelAssembly(sources: sources, manifest: nil).write(to: parts.model)
        }
        // Weights that are cut short: no model, and no part of one.
        let weights = sources[1].appending(path: "decoder").appending(path: "diffusion_pytorch_model.safetensors")
        try Data(contentsOf: weights).prefix(40).write(to: weights)
        let before = try parts.siblings()
        #expect(throws: CheckpointError.self) {
            try ModelAssembly(sources: sources, manifest: nil).write(to: parts.folder("new"), dtype: .bfloat16)
        }
        #expect(try Set(parts.siblings()) == Set(before))
    }
}

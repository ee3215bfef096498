import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite(.serialized)
struct GoldenSetTests {
    private static let contents = #"""
        {"title": "T", "set": "s", "notes": ["n"], "calls": {"a": {"steps": 3, "scale": 4.0, "prompt": ["x"]}},
         "tensors": {"a/step00/x": {"shape": [2], "dtype": "float32", "what": "w", "absmax": 2.0, "mean": 1.5}}}
        """#

    @Test func readsBothFiles() throws {
        try withTemporaryFolder { folder in
            try folder.write(Self.contents, to: "golden.json")
            let file = folder.appending(path: "golden.safetensors")
            try SafetensorsWriter.write([("a/step00/x", Tensor([1, 2] as [Float]))], to: file)
            let golden = try GoldenSet(folder: folder)
            #expect(golden.title == "T")
            #expect(golden.calls["a"]?["steps"]?.int == 3)
            #expect(golden.calls["a"]?["scale"]?.double == 4)
            #expect(golden.names("a/") == ["a/step00/x"])
            #expect(golden.tensors["a/step00/x"]?.absmax == 2)
            #expect(try golden.tensor("a/step00/x").floats() == [1, 2])
            #expect(throws: CheckpointError.self) { try golden.tensor("b") }
            try SafetensorsWriter.write([("a/step00/x", Tensor([1] as [Float]))], to: file)
            let error = #expect(throws: CheckpointError.self) { try GoldenSet(folder: folder) }
            #expect(error?.key == "a/step00/x")
        }
    }

    @Test(
        .fixtures("karlo-tiny"),
        arguments: [
            "karlo-tiny", "karlo-variation-tiny", "kandinsky22-tiny", "stable-unclip-tiny", "dalle-mini-tiny",
            "schedulers",
        ])
    func readsFixtures(_ name: String) throws {
        let golden = try GoldenSet(folder: Fixtures.folder(name))
        #expect(!golden.calls.isEmpty)
        for name in golden.names() {
            let description = try #require(golden.tensors[name])
            let tensor = try golden.tensor(name)
            #expect(tensor.dtype.name == description.dtype)
            if let absmax = description.absmax, absmax.isFinite {
                let largest = try tensor.doubles().map(abs).max() ?? 0
                #expect(abs(largest - absmax) <= 1e-5 * max(absmax, 1), "\(name)")
            }
        }
    }

    @Test(
        .fixtures("karlo-tiny"),
        arguments: [
            "karlo-tiny", "karlo-variation-tiny", "kandinsky22-tiny/prior", "kandinsky22-tiny/decoder",
            "kandinsky22-tiny/inpaint", "stable-unclip-tiny/t2i", "stable-unclip-tiny/i2i",
        ])
    func readsFixtureModels(_ name: String) throws {
        let model = try ModelFolder(Fixtures.folder(name))
        for (component, kind) in model.components where !kind.className.contains("Tokenizer") {
            #expect(try model.decode(JSON.self, component: component).object?.isEmpty == false)
            if kind.className.contains("Scheduler") || kind.className.contains("Processor") { continue }
            let weights = try model.weights(component: component)
            #expect(!weights.keys.isEmpty)
            for key in weights.keys {
                #expect(try weights.tensor(key, dtype: .float32, device: .cpu).shape == weights.shape(of: key))
            }
        }
    }
}

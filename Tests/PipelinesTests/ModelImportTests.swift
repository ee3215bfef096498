import Checkpoints
import Foundation
import ImageGeneration
import TestSupport
import Testing

@testable import Pipelines

struct ModelImportTests {
    private let model = Goldens.folder("unclip")
    private var library: ModelLibrary { ModelLibrary(roots: [model.deletingLastPathComponent()]) }

    @Test func aFolderIsLinked() throws {
        try withTemporaryFolder { root in
            let folder = try ModelImport([model], name: "mine", in: library).run(into: root)
            let description = try ModelRegistry.describe("mine", in: ModelLibrary(roots: [root]))
            #expect(description.family == "unclip" && folder.lastPathComponent == "mine")
            #expect(try ModelDigest(cache: nil).digest(of: folder) == ModelDigest(cache: nil).digest(of: model))
            #expect(throws: CheckpointError.self) {
                try ModelImport([model], name: "mine", in: library).run(into: root)
            }
        }
    }

    @Test(arguments: [nil, "unclip"])
    func weightsAreRecognisedByTheirTensors(like: String?) throws {
        try withTemporaryFolder { root in
            let own = root.appending(path: "trained.safetensors")
            let weights = model.appending(path: "decoder/diffusion_pytorch_model.safetensors")
            try FileManager.default.copyItem(at: weights, to: own)
            let made = try ModelImport([own], like: like, in: library)
            #expect(made.recognized == ["trained.safetensors": "decoder"] && made.name == "trained")
            let folder = try made.run(into: root, copies: true)
            #expect(
                FileManager.default.contentsEqual(
                    atPath: folder.appending(path: "decoder/diffusion_pytorch_model.safetensors").path,
                    andPath: own.path))
            #expect(try ModelRegistry.describe("trained", in: ModelLibrary(roots: [root])).family == "unclip")
        }
    }

    @Test func theManifestGetsTheNewNameAndTheOriginalKeepsItsOwn() throws {
        try withTemporaryFolder { root in
            let source = root.appending(path: "source")
            try FileManager.default.copyItem(at: model, to: source)
            let text = #"{"format": 1, "name": "first", "family": "unclip"}"#
            try source.write(text, to: "limn.json")
            let made = try ModelImport([source], name: "second", in: library)
            // The manifest has no stages, which a model needs: it is not installed, and nothing is left of it.
            #expect(throws: (any Error).self) { try made.run(into: root) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: root.path) == ["source"])
            #expect(try String(contentsOf: source.appending(path: "limn.json"), encoding: .utf8) == text)
            let mini = URL(filePath: #filePath).appending(path: "../../../Models/limn-mini").standardizedFileURL
            let folder = try ModelImport([mini], name: "second", in: library).run(into: root)
            #expect(try ModelRegistry.describe(folder.path, in: library).name == "second")
            #expect(try ModelRegistry.describe(mini.path, in: library).name == "limn-mini")
        }
    }

    @Test func otherNetworksAreRefusedWithTheNearest() throws {
        try withTemporaryFolder { root in
            let header = #"{"conv_in.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
            var bytes = Data(withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) })
            bytes.append(Data(header.utf8))
            bytes.append(Data(count: 4))
            let file = root.appending(path: "other.safetensors")
            try bytes.write(to: file)
            let error = #expect(throws: CheckpointError.self) { try ModelImport([file], in: library) }
            #expect(error?.kind == .notAModel && error?.message.contains("the nearest is unclip/") == true)
            #expect(throws: CheckpointError.self) { try ModelImport([root.appending(path: "none")], in: library) }
        }
    }
}

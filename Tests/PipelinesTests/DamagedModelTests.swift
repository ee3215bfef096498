import Checkpoints
import Foundation
import ImageGeneration
import TestSupport
import Testing
import Torch

@testable import Pipelines

/// One way in which a model folder can be damaged, and what the error must name.
struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let culprit: String
    let apply: @Sendable (URL) throws -> Void

    init(_ description: String, names culprit: String, _ apply: @escaping @Sendable (URL) throws -> Void) {
        testDescription = description
        self.culprit = culprit
        self.apply = apply
    }

    private static let weights = "decoder/diffusion_pytorch_model.safetensors"

    private static func edit(_ folder: URL, _ file: String, _ change: (inout String) -> Void) throws {
        let url = folder.appending(path: file)
        var text = try String(contentsOf: url, encoding: .utf8)
        let before = text
        change(&text)
        #expect(text != before, "the damage changes nothing")
        try Data(text.utf8).write(to: url)
    }

    /// Writes a component's weights again, changed.
    private static func rewrite(_ folder: URL, _ change: (inout [String: Tensor]) throws -> Void) throws {
        let url = folder.appending(path: weights)
        let file = try TensorFile(url)
        var tensors = Dictionary(uniqueKeysWithValues: try file.keys.map { ($0, try file.tensor($0).clone()) })
        try change(&tensors)
        try SafetensorsWriter.write(tensors.map { ($0.key, $0.value) }, to: url)
    }

    static let all = [
        Damage("truncated weights", names: weights) { folder in
            let bytes = try Data(contentsOf: folder.appending(path: weights))
            try bytes.prefix(bytes.count / 2).write(to: folder.appending(path: weights))
        },
        Damage("empty weights", names: weights) { try Data().write(to: $0.appending(path: weights)) },
        Damage("weights that are text", names: weights) {
            try Data("not a checkpoint, not a checkpoint".utf8).write(to: $0.appending(path: weights))
        },
        Damage("missing weights", names: "decoder") {
            try FileManager.default.removeItem(at: $0.appending(path: weights))
        },
        Damage("missing key", names: "conv_in.bias") { folder in
            try rewrite(folder) { $0["conv_in.bias"] = nil }
        },
        Damage("extra key", names: "conv_in.scale") { folder in
            try rewrite(folder) { $0["conv_in.scale"] = Tensor([Float(1)]) }
        },
        Damage("wrong shape", names: "conv_in.bias") { folder in
            try rewrite(folder) { $0["conv_in.bias"] = Tensor.zeros([3]) }
        },
        Damage("wrong dtype", names: "conv_in.bias") { folder in
            try rewrite(folder) { $0["conv_in.bias"] = Tensor.zeros([8], dtype: .int64) }
        },
        Damage("unknown block type", names: "MysteryBlock2D") { folder in
            try edit(folder, "decoder/config.json") {
                $0 = $0.replacingOccurrences(of: "SimpleCrossAttnUpBlock2D", with: "MysteryBlock2D")
            }
        },
        Damage("a configuration that is no JSON", names: "decoder/config.json") { folder in
            try edit(folder, "decoder/config.json") { $0 = String($0.dropLast(20)) }
        },
        Damage("a number where a list belongs", names: "block_out_channels") { folder in
            try Data(#"{"block_out_channels": 3}"#.utf8).write(to: folder.appending(path: "decoder/config.json"))
        },
        Damage("missing configuration", names: "super_res_last") {
            try FileManager.default.removeItem(at: $0.appending(path: "super_res_last/config.json"))
        },
        Damage("missing component", names: "text_proj") {
            try FileManager.default.removeItem(at: $0.appending(path: "text_proj"))
        },
        Damage("unknown scheduler", names: "MagicScheduler") { folder in
            try edit(folder, "decoder_scheduler/scheduler_config.json") {
                $0 = $0.replacingOccurrences(of: "UnCLIPScheduler", with: "MagicScheduler")
            }
        },
        Damage("damaged vocabulary", names: "vocab.json") {
            try Data("{".utf8).write(to: $0.appending(path: "tokenizer/vocab.json"))
        },
        Damage("a tokenizer of longer texts", names: "tokenizer") { folder in
            try edit(folder, "tokenizer/tokenizer_config.json") { $0 = $0.replacingOccurrences(of: "24", with: "77") }
        },
        Damage("unknown pipeline", names: "DreamPipeline") { folder in
            try edit(folder, "model_index.json") {
                $0 = $0.replacingOccurrences(of: "UnCLIPPipeline", with: "DreamPipeline")
            }
        },
        Damage("an index that is no JSON", names: "model_index.json") {
            try Data("[".utf8).write(to: $0.appending(path: "model_index.json"))
        },
        Damage("a manifest without stages", names: "stages") {
            try Data(#"{"format": 1, "name": "x", "family": "unclip", "native_size": 24}"#.utf8)
                .write(to: $0.appending(path: "limn.json"))
        },
        Damage("a manifest of another family", names: "oracle") {
            try Data(#"{"format": 1, "name": "x", "family": "oracle", "native_size": 24, "stages": []}"#.utf8)
                .write(to: $0.appending(path: "limn.json"))
        },
        Damage("a manifest from the future", names: "format") {
            try Data(#"{"format": 99, "name": "x", "family": "unclip"}"#.utf8).write(
                to: $0.appending(path: "limn.json"))
        },
    ]
}

@Suite(.serialized)
struct DamagedModelTests {
    @Test(arguments: Damage.all)
    func isNamed(damage: Damage) async throws {
        try await withCopy(of: Goldens.folder("unclip")) { folder in
            try damage.apply(folder)
            let generator = LocalImageGenerator(library: ModelLibrary(roots: []))
            let request = ImageRequest(.textToImage(prompt: "a fox"), model: folder.path, seed: 1)
            let error = await #expect(throws: GenerationError.self) {
                let transcript = try await generator.transcript(request)
                Issue.record("drew \(transcript.pictures.count) pictures")
            }
            #expect(error?.kind == .unusableModel)
            #expect(error?.message.contains(damage.culprit) == true, "\(error?.message ?? "")")
            // The folder lies somewhere on the user's disk, which is nobody else's business.
            #expect(error?.message.contains(folder.deletingLastPathComponent().path) == false)
        }
    }

    @Test func aModelThatFailedCanBeRepaired() async throws {
        try await withCopy(of: Goldens.folder("unclip")) { folder in
            let file = folder.appending(path: "prior/diffusion_pytorch_model.safetensors")
            let good = try Data(contentsOf: file)
            try good.prefix(100).write(to: file)
            let generator = LocalImageGenerator(library: ModelLibrary(roots: []))
            let few = StageSettings(steps: 2)
            let request = ImageRequest(
                .textToImage(prompt: "a fox"), model: folder.path,
                stages: ["prior": few, "decoder": few, "super_res": few])
            await #expect(throws: GenerationError.self) { try await generator.pictures(request) }
            try good.write(to: file)
            #expect(try await generator.pictures(request).count == 1)
        }
    }
}

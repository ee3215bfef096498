import Foundation
import ImageGeneration
import Imaging
import TestSupport
import Testing
import Torch

@testable import Pipelines

/// What no step changes is computed once: the operations of a run are counted, with two numbers of steps.
@Suite(.serialized)
struct ComputedOnceTests {
    /// The operations by which a model's folder is made ready and run, with `steps` in each stage.
    private func record(_ folder: URL, steps: Int) throws -> OperationRecord {
        Library.threads = 1
        let installed = try ModelLibrary(roots: []).locate(folder.path)
        let description = try ModelRegistry.describe(installed)
        let stages = description.stages.map { ($0.declared.name, StageSettings(steps: steps)) }
        let request = ImageRequest(
            .textToImage(prompt: "a red fox"), model: folder.path, count: 1, seed: 5,
            stages: Dictionary(uniqueKeysWithValues: stages))
        let plan = try Pipelines.plan(for: request, seed: 5, model: description)
        let files = try installed.files()
        let model = try Families.family(of: files).model(ComponentLoader(files, dtype: .float32, device: .cpu))
        return try OperationRecord.of {
            try model.load(for: plan)
            return try plan.run(on: model, noise: plan.noiseSource)
        }.record
    }

    /// How many linear maps there are over so many tokens of a batch.
    private func maps(_ record: OperationRecord, over tokens: Int) -> Int {
        record.count("aten::linear") { $0[0].count == 3 && $0[0][1] == tokens }
    }

    /// Tokens of the tiny models' texts.
    private static let text = 77

    /// All tokens of the prior but the last three: the text's states and its embedding.
    @Test(arguments: ["karlo-tiny", "kandinsky22-tiny", "stable-unclip-tiny/t2i"])
    func thePriorsConstantTokens(folder: String) throws {
        let (few, more) = try (record(Self.folder(folder), steps: 2), record(Self.folder(folder), steps: 5))
        let constant = maps(few, over: Self.text + 1)
        #expect(constant > 0)
        #expect(maps(more, over: Self.text + 1) == constant)
        // The three that change are computed at every step.
        #expect(maps(few, over: 3) > 0)
        #expect(maps(more, over: 3) * 2 == maps(few, over: 3) * 5)
    }

    /// The keys and values of what a U-Net is told.
    @Test(arguments: [("karlo-tiny", text + 4), ("kandinsky22-tiny", 32), ("stable-unclip-tiny/t2i", text)])
    func theDecodersContext(folder: String, tokens: Int) throws {
        let (few, more) = try (record(Self.folder(folder), steps: 2), record(Self.folder(folder), steps: 5))
        let constant = maps(few, over: tokens)
        #expect(constant > 0)
        #expect(maps(more, over: tokens) == constant)
    }

    /// Kandinsky's embedding of no picture, kept beside the model: the first run computes it, and no other.
    @Test(.fixtures("kandinsky22-tiny")) func theEmbeddingOfNoPicture() async throws {
        try await withCopy(of: Fixtures.folder("kandinsky22-tiny")) { folder in
            // The encoder begins with a convolution over patches of the picture, which no other network has.
            func seen(_ record: OperationRecord) -> Int { record.count("aten::conv2d") { $0[1][1] == 3 } }
            let (first, second) = try (record(folder, steps: 2), record(folder, steps: 2))
            #expect(seen(first) == 1)
            #expect(seen(second) == 0)
        }
    }

    private static func folder(_ name: String) throws -> URL {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        return parts.dropFirst().reduce(try Fixtures.folder(parts[0])) { $0.appending(path: $1) }
    }
}

import Foundation
import ImageGeneration
import Imaging
import TestSupport
import Testing

@testable import Pipelines

@Suite struct RecipeTests {
    private static func tasks() throws -> [ImageTask] {
        let picture = try ImageBuffer(width: 8, height: 6, color: .black)
        let other = try ImageBuffer(width: 3, height: 3, color: .white)
        let mask = try Mask(coverage: ImageBuffer(width: 8, height: 6, channels: 1, color: Color(grey: 9)))
        return [
            .textToImage(prompt: "a “fox” <&>\n\u{0}", negative: "text"),
            .inpaint(
                Inpainting(picture, mask: mask, prompt: "a hat", method: .resampling(), feather: 3, context: 1.25)),
            .inpaint(Inpainting(picture.converted(channels: 4), prompt: "a hat", method: .conditioning)),
            .outpaint(Outpainting(picture, margins: Margins(left: 1, bottom: 2), prompt: "a wall", overlap: 0.75)),
            .variation(Variation(of: picture, prompt: "an owl", strength: 0.3)),
            .blend(
                Blend([.picture(picture), .text("a star"), .picture(other)], weights: [3, 1, 0.5], noise: .slerped)),
            .textDifference(TextDifference(picture, from: "a cat", to: "a lion", amounts: [0.2])),
        ]
    }

    private func pictures(of task: ImageTask) -> ([ImageBuffer], Mask?) {
        switch task {
        case .textToImage: ([], nil)
        case .inpaint(let task): ([task.picture], task.mask)
        case .outpaint(let task): ([task.picture], nil)
        case .variation(let task): ([task.picture], nil)
        case .blend(let task):
            (task.sources.compactMap { if case .picture(let picture) = $0 { picture } else { nil } }, nil)
        case .textDifference(let task): ([task.picture], nil)
        }
    }

    @Test(arguments: 0..<7) func `A recipe gives back its request`(index: Int) throws {
        let task = try Self.tasks()[index]
        let request = ImageRequest(
            task, model: "limn-mini", count: 3, size: PictureSize(square: 64), seed: 40, preset: "draft",
            stages: ["decoder": StageSettings(steps: 9, guidance: 2.5)], candidates: 2)
        let recipe = RecipeBook(request, model: "limn-mini", digest: "d1", device: "cpu", dtype: "float32")
            .recipe(index: 2, seed: 42)
        let read = try Recipe(metadata: recipe.metadata)
        #expect(read == recipe)
        let (pictures, mask) = pictures(of: task)
        var expected = request
        (expected.count, expected.seed) = (1, 42)
        #expect(try read.request(pictures: pictures, mask: mask) == expected)
        #expect(read.inputs.filter { $0.role == .picture }.count == pictures.count)
        for (input, picture) in zip(read.inputs, pictures) { #expect(input.matches(picture)) }
    }

    @Test func `A frame's recipe is the frame alone`() throws {
        let blend = Blend(from: .text("a"), to: .text("b"), frames: 3)
        let book = RecipeBook(
            ImageRequest(.blend(blend), count: 2), model: "m", digest: nil, device: "cpu", dtype: "float32")
        for index in 0..<6 {
            let request = try book.recipe(index: index, seed: 1).request(pictures: [], mask: nil)
            #expect(request.task == .blend(Blend(blend.sources, weights: blend.frames[index / 2])))
        }
    }

    @Test func `What is no recipe, or a newer one, is refused`() throws {
        #expect(throws: GenerationError.self) { try Recipe(metadata: ["Software": "Limn"]) }
        #expect(throws: GenerationError.self) { try Recipe(metadata: [Recipe.metadataKey: "{\"version\":1}"]) }
        var recipe = RecipeBook(
            ImageRequest(.textToImage(prompt: "a")), model: "m", digest: nil, device: "cpu", dtype: "float32"
        ).recipe(index: 0, seed: 1)
        let picture = try ImageBuffer(width: 1, height: 1, color: .white)
        #expect(throws: GenerationError.self) { try recipe.request(pictures: [picture], mask: nil) }
        recipe.version += 1
        #expect(throws: GenerationError.self) { try recipe.request(pictures: [], mask: nil) }
    }

    @Test func `A model's digest follows its parts and nothing else`() throws {
        try withTemporaryFolder { folder in
            let (model, cache) = (folder.appending(path: "m"), folder.appending(path: "cache/digests.json"))
            for (path, text) in [("model_index.json", "{}"), ("a/w.safetensors", "123"), ("README.md", "card")] {
                try model.write(text, to: path)
            }
            let digest = ModelDigest(cache: cache)
            let first = try digest.digest(of: model)
            // As `sha256sum a/w.safetensors model_index.json | sha256sum` says.
            #expect(first == "6cd4f5b2c4fd2307fdaf0cc7f13d2e897a189ca9397e43137ae32471b57f50d3")
            #expect(try ModelDigest(cache: nil).digest(of: model) == first)
            try model.write("another card", to: "README.md")
            #expect(try digest.digest(of: model) == first)
            try model.write("1234", to: "a/w.safetensors")
            let second = try digest.digest(of: model)
            #expect(second != first)
            try Data("damaged".utf8).write(to: cache)
            #expect(try digest.digest(of: model) == second)
        }
    }
}

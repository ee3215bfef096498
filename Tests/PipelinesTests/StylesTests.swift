import ImageGeneration
import Testing

@testable import Pipelines

struct StylesTests {
    private let styles = Styles(given: ["noto emoji style", "clip art"], namedBy: ["style", "clip art", "icon"])

    @Test(
        arguments: [
            ("a cat", 0, "a cat, noto emoji style"), ("a cat.", 3, "a cat, clip art"),
            ("a silicon chip", 1, "a silicon chip, clip art"),
            ("A cat on a dark blue background!", 0, "A cat, noto emoji style, on a dark blue background!"),
            ("two owls, on a pink background", 1, "two owls, clip art, on a pink background"),
            ("a cat on a mat", 0, "a cat on a mat, noto emoji style"),
        ] as [(String, UInt64, String)])
    func aStyleIsNamedWhereCaptionsNameIt(prompt: String, seed: UInt64, said: String) {
        #expect(styles.prompt(prompt, seed: seed) == said)
    }

    @Test(arguments: ["a cat, clip art", "an icon of a cat", "Clip-art of a cat", "a cat in the style of nobody"])
    func aPromptWithAStyleStaysAsItIs(prompt: String) {
        #expect(styles.prompt(prompt, seed: 0) == prompt)
    }

    @Test func picturesTakeTurnsByTheirSeeds() throws {
        var model = try Described.small()
        model.manifest.styles = styles
        func plan(_ prompt: String, seed: UInt64) throws -> GenerationPlan {
            try Pipelines.plan(for: ImageRequest(.textToImage(prompt: prompt), count: 3), seed: seed, model: model)
        }
        let three = try plan("a cat", seed: 7)
        let prompts = ["a cat, clip art", "a cat, noto emoji style", "a cat, clip art"]
        #expect(three.subjects == prompts.map { Subject(prompt: $0, embedding: .text($0)) })
        #expect(three.count == 3 && three.picturesPerSubject == 1 && three.noise == .seeded([7, 8, 9]))
        #expect(try plan("a cat", seed: 8).subjects.first == three.subjects[1])
        let one = try plan("a cat, clip art", seed: 7)
        #expect(one.subjects.count == 1 && one.picturesPerSubject == 3)
    }

    /// What is added to a picture is drawn as the picture is; a series has one style.
    @Test func whatBelongsToAPictureGetsNone() throws {
        var model = try Described.small()
        model.manifest.styles = styles
        let picture = try Described.picture()
        for task in [
            ImageTask.outpaint(Outpainting(picture, margins: Margins(right: 100), prompt: "a cat")),
            .blend(Blend(from: .text("a cat"), to: .text("a dog"), frames: 3)),
        ] {
            let texts = try Pipelines.plan(for: ImageRequest(task), seed: 0, model: model).allTexts
            #expect(texts.contains("a cat") && !texts.contains { styles.areNamed(in: $0) })
        }
    }
}

import Diffusion
import ImageGeneration
import Imaging
import Testing

@testable import Pipelines

struct PlannerTests {
    private func plan(_ request: ImageRequest, seed: UInt64 = 7, _ model: ModelDescription) throws -> GenerationPlan {
        try Pipelines.plan(for: request, seed: seed, model: model)
    }

    private func failure(_ request: ImageRequest, _ model: ModelDescription) -> GenerationError? {
        #expect(throws: GenerationError.self) { try plan(request, model) }
    }

    private let apple = ImageTask.textToImage(prompt: "an apple", negative: "a worm")

    @Test func textToImageRunsAllStages() throws {
        let plan = try plan(ImageRequest(apple, count: 3), Described.karlo())
        #expect(plan.stages.map(\.name) == ["prior", "decoder", "super_res"])
        #expect(plan.stages.map(\.steps) == [25, 25, 7])
        #expect(plan.stages.map(\.guidance) == [4, 8, nil])
        #expect(plan.texts == .prior)
        #expect(
            plan.subjects == [Subject(prompt: "an apple", embedding: .text("an apple"))] && plan.negative == "a worm")
        #expect(plan.noise == .seeded([7, 8, 9]))
        #expect(plan.count == 3 && plan.size == PictureSize(square: 256))
    }

    @Test func variationNeedsNoPrior() throws {
        let picture = try Described.picture()
        let plan = try plan(ImageRequest(.variation(Variation(of: picture))), Described.karlo())
        #expect(plan.stages.map(\.name) == ["decoder", "super_res"])
        #expect(plan.subjects == [Subject(prompt: "", embedding: .picture(picture))] && plan.texts == nil)
    }

    @Test func seedsWrapAround() throws {
        let plan = try plan(ImageRequest(apple, count: 2), seed: .max, Described.karlo())
        #expect(plan.noise == .seeded([.max, 0]))
    }

    @Test func lastStepHasItsOwnNetwork() throws {
        let stage = try #require(try plan(ImageRequest(apple), Described.karlo()).stages.last)
        #expect((0..<7).map(stage.network(at:)) == Array(repeating: "super_res_first", count: 6) + ["super_res_last"])
    }

    @Test(arguments: [(1.0, 1.0, false), (1, 3, true), (4, 1, true), (0.5, 0, false)])
    func oneScaleAboveOneGuidesAllStagesThatCanBe(prior: Double, decoder: Double, isGuided: Bool) throws {
        let settings = ["prior": StageSettings(guidance: prior), "decoder": StageSettings(guidance: decoder)]
        let plan = try plan(ImageRequest(apple, stages: settings), Described.karlo())
        #expect(plan.isGuided == isGuided)
        #expect(plan.stages.map(\.guidance) == (isGuided ? [prior, decoder, nil] : [nil, nil, nil]))
    }

    @Test func stagesWithoutGuidanceStayAsTheyAre() throws {
        let plan = try plan(ImageRequest(apple, preset: "best"), Described.small())
        #expect(plan.stages.map(\.guidance) == [nil, 3, nil])
        let error = failure(
            ImageRequest(apple, stages: ["super_res": StageSettings(guidance: 2)]), try Described.small())
        #expect(error?.kind == .unsupported)
    }

    @Test func presetsAreFilledInUnderTheRequest() throws {
        let draft = try plan(ImageRequest(apple), Described.small())
        #expect(draft.texts == .linear(component: "linear_prior"))
        #expect(draft.stages.map(\.name) == ["decoder", "super_res"])
        #expect(draft.stages[0].diffusion?.scheduler.kind == .dpmSolver && draft.stages[0].diffusion?.run.steps == 8)
        #expect(draft.stages[0].diffusion?.scheduler.options["prediction_type"] == "v_prediction")

        let mine = ["decoder": StageSettings(steps: 12, solver: "ddim")]
        let changed = try plan(ImageRequest(apple, preset: "best", stages: mine), Described.small())
        #expect(changed.texts == .prior)
        #expect(changed.stages[1].diffusion?.run.steps == 12 && changed.stages[1].guidance == 3)
        #expect(changed.stages[1].diffusion?.scheduler.kind == .ddim)
    }

    @Test(arguments: [(256, 256, 3), (512, 256, 3), (1024, 256, 3)])
    func sizesPastTheLastStageAreResampled(size: Int, stage: Int, stages: Int) throws {
        let plan = try plan(ImageRequest(apple, size: PictureSize(square: size)), Described.karlo())
        #expect(plan.size == PictureSize(square: size))
        #expect(plan.stages.count == stages)
        #expect(plan.stages.last?.space.pictureSize == PictureSize(square: stage))
    }

    @Test(arguments: [(256, 256), (512, 1024), (1024, 1024)])
    func stagesRunUpToTheFirstThatIsLargeEnough(size: Int, stage: Int) throws {
        let plan = try plan(ImageRequest(apple, size: PictureSize(square: size)), Described.small())
        #expect(plan.stages.last?.space.pictureSize == PictureSize(square: stage))
    }

    /// Pictures of the sizes that it finishes come from it; smaller ones, which nobody looks at closely, do without.
    @Test(arguments: [(64, 64), (256, 1024), (512, 1024), (1024, 1024)])
    func aStageThatFinishesRunsThoughOneBeforeItMakesAsMuch(size: Int, stage: Int) throws {
        var model = try Described.small()
        model.stages[model.stages.count - 1].declared.finishesFrom = 256
        let plan = try plan(ImageRequest(apple, size: PictureSize(square: size)), model)
        #expect(plan.size == PictureSize(square: size))
        #expect(plan.stages.last?.space.pictureSize == PictureSize(square: stage))
    }

    /// A diffusion prior draws them; where it is linear, the decoder does, if the model can see what it drew.
    @Test func candidatesAreDrawnByTheFirstStageThatCan() throws {
        var model = try Described.small()
        let prior = try plan(ImageRequest(apple, preset: "best", candidates: 4), model)
        #expect(prior.texts == .prior && prior.stages.map(\.candidates) == [4, 1, 1] && !prior.needsImageEncoder)
        let error = failure(ImageRequest(apple, preset: "draft", candidates: 4), model)
        #expect(error?.parameter == "candidates")

        model.stages[1].drawsCandidates = true
        let drawn = try plan(ImageRequest(apple, preset: "draft", candidates: 4), model)
        #expect(drawn.stages.map(\.candidates) == [4, 1] && drawn.needsImageEncoder)
        model.manifest.presets["draft"]?.candidates = 2
        let preset = try plan(ImageRequest(apple, preset: "draft"), model)
        #expect(preset.stages.map(\.candidates) == [2, 1])
        let alone = try plan(ImageRequest(apple, preset: "draft", candidates: 1), model)
        #expect(alone.stages.map(\.candidates) == [1, 1] && !alone.needsImageEncoder)
        // A prior's are vectors; pictures take the memory of pictures.
        #expect(try plan(ImageRequest(apple, preset: "best", candidates: 64), model).stages[0].candidates == 64)
        #expect(failure(ImageRequest(apple, preset: "draft", candidates: 17), model)?.parameter == "candidates")
    }

    /// A sketch is drawn for every candidate, and is no picture that could be asked for.
    @Test func sketchesAreDrawnForTheDecoder() throws {
        var model = try Described.small()
        model.stages[1].drawsCandidates = true
        var sketch = model.stages[1]
        sketch.declared.name = "sketch"
        sketch.declared.role = .sketcher
        sketch.space = .pixels(channels: 3, height: 16, width: 16)
        sketch.drawsCandidates = false
        model.stages.insert(sketch, at: 1)
        let plan = try plan(ImageRequest(apple, size: PictureSize(square: 64), preset: "draft", candidates: 4), model)
        #expect(plan.stages.map(\.name) == ["sketch", "decoder"] && plan.stages.map(\.candidates) == [4, 4])
        #expect(plan.stages.map(\.kept) == [4, 1])
        // Sketches cost little: there may be several for each that is drawn after, even where one picture is drawn.
        model.stages[1].declared.candidates = 3
        for (asked, drawn) in [(4, [12, 4]), (1, [3, 1])] {
            let request = ImageRequest(apple, size: PictureSize(square: 64), preset: "draft", candidates: asked)
            let plan = try self.plan(request, model)
            #expect(plan.stages.map(\.candidates) == drawn && plan.stages.map(\.kept) == [asked, 1])
        }
        #expect(failure(ImageRequest(apple, size: PictureSize(square: 16)), model)?.parameter == "size")
        let variation = Variation(of: try Described.picture(), strength: 0.5)
        let near = try self.plan(ImageRequest(.variation(variation), preset: "draft"), model)
        // Both are led back to their noise, step by step.
        #expect(near.stages[...1].allSatisfy { $0.steps == Inversion.steps && $0.candidates == 1 })
        #expect(near.stages[...1].allSatisfy { $0.diffusion?.scheduler.kind == .ddim })
    }

    /// Things that a prompt counts out are pictures of their own up to the stage that composes them.
    @Test func scenesAreTakenApart() throws {
        var model = try Described.small()
        let pears = ImageTask.textToImage(prompt: "two pears and an owl", negative: "")
        let whole = try plan(ImageRequest(pears, preset: "draft"), model)
        #expect(whole.subjects[0].scene == nil && ScenePlan(whole) == nil)
        model.stages[1].declared.composesScenes = true
        let both = try plan(ImageRequest(pears, count: 2, preset: "draft"), seed: 7, model)
        let scene = try #require(ScenePlan(both))
        #expect(scene.things.subjects.map(\.prompt) == ["a pear", "an owl"] && scene.things.count == 4)
        #expect(ScenePlan(scene.things)?.pictures == (0..<4).map { [.init(thing: $0, boxes: [.whole])] })
        #expect(scene.things.stages + (scene.finishing?.stages ?? []) == both.stages)
        #expect(scene.things.stages.last?.composesScenes == true && scene.finishing != nil)
        #expect(scene.pictures.map { $0.map(\.thing) } == [[0, 2], [1, 3]])
        #expect(
            scene.pictures.allSatisfy { $0.map(\.boxes.count) == [2, 1] } && scene.pictures[0] != scene.pictures[1])
        // Each has noise of its own, the same beside others, and beside what is not taken apart.
        #expect(Set(scene.things.noise.seeds).count == 4)
        let plum = ImageTask.textToImage(prompt: "a plum", negative: "")
        let one = try plan(ImageRequest(plum, preset: "draft"), seed: 5, model)
        #expect(ScenePlan(one)?.pictures == [[.init(thing: 0, boxes: [.whole])]])
        let alone = try plan(ImageRequest(pears, preset: "draft"), seed: 8, model)
        let mixed = try #require(ScenePlan(try PlanBatch([one, alone]).plan))
        #expect(mixed.things.noise.seeds == [5, 8, scene.things.noise.seeds[3]])
        #expect(mixed.pictures[0] == [ScenePlan.Place(thing: 0, boxes: [.whole])])
        #expect(mixed.pictures[1].map(\.boxes) == scene.pictures[1].map(\.boxes))
        // Of a picture with only stages before the composing one, the last composes.
        var sketch = both
        sketch.stages.removeLast(both.stages.count - 1)
        #expect(ScenePlan(sketch)?.finishing == nil)
    }

    @Test func whatIsKnownOrBegunIsNotTakenApart() throws {
        var model = try Described.small()
        model.stages[1].declared.composesScenes = true
        let picture = try Described.picture()
        let mask = try Mask(coverage: ImageBuffer(width: 8, height: 8, channels: 1, color: Color(grey: 9)))
        let edit = Inpainting(picture, mask: mask, prompt: "two pears and an owl")
        #expect(ScenePlan(try plan(ImageRequest(.inpaint(edit), preset: "draft"), model)) == nil)
        let near = Variation(of: picture, strength: 0.5)
        #expect(ScenePlan(try plan(ImageRequest(.variation(near)), model)) == nil)
    }

    /// What begins with noise that belongs to a picture, or that frames have in common, is drawn once.
    @Test func candidatesNeedNoiseOfTheirOwn() throws {
        var model = try Described.small()
        model.stages[1].drawsCandidates = true
        model.manifest.presets["draft"]?.candidates = 4
        let picture = try Described.picture()
        let near = try plan(ImageRequest(.variation(Variation(of: picture, strength: 0.5))), model)
        #expect(near.stages[0].candidates == 1)
        let free = try plan(ImageRequest(.variation(Variation(of: picture, strength: 1))), model)
        #expect(free.inversion == nil && free.stages[0].candidates == 4)
        let series = try plan(
            ImageRequest(.textDifference(TextDifference(picture, from: "a", to: "b", amounts: [0, 0.2]))), model)
        #expect(series.stages[0].candidates == 1)
        // A preset's number holds as far as it can; one that was asked for is not dropped in silence.
        let asked = ImageRequest(.variation(Variation(of: picture, strength: 0.5)), candidates: 4)
        #expect(failure(asked, model)?.parameter == "candidates")
    }

    @Test func refusesWhatTheModelCannotDo() throws {
        var model = try Described.karlo()
        model.tasks = [.textToImage]
        let error = failure(ImageRequest(.variation(Variation(of: try Described.picture()))), model)
        #expect(error?.kind == .unsupported && error?.parameter == "task")
        #expect(error?.message.contains("variation") == true && error?.message.contains("text_to_image") == true)
    }

    @Test(arguments: [
        (ImageRequest(.textToImage(prompt: "x"), size: PictureSize(square: 300)), "size"),
        (ImageRequest(.textToImage(prompt: "x"), size: PictureSize(width: 512, height: 256)), "size"),
        (ImageRequest(.textToImage(prompt: "x"), preset: "quick"), "preset"),
        (ImageRequest(.textToImage(prompt: "x"), stages: ["decorder": StageSettings(steps: 3)]), "decorder"),
    ])
    func refusesWhatTheModelDoesNotHave(request: ImageRequest, parameter: String) throws {
        let error = failure(request, try Described.karlo())
        #expect(error?.kind == .unsupported && error?.parameter == parameter)
    }

    @Test(arguments: [
        (ImageRequest(.textToImage(prompt: "")), "prompt"),
        (ImageRequest(.textToImage(prompt: " \n\u{0}\u{200B}")), "prompt"),
        (ImageRequest(.textToImage(prompt: "x"), count: 0), "count"),
        (ImageRequest(.textToImage(prompt: "x"), count: 65), "count"),
        (ImageRequest(.textToImage(prompt: "x"), candidates: 0), "candidates"),
        (ImageRequest(.textToImage(prompt: "x"), previews: 17), "previews"),
        (ImageRequest(.textToImage(prompt: "x"), stages: ["decoder": StageSettings(steps: 0)]), "decoder steps"),
        (
            ImageRequest(.textToImage(prompt: "x"), stages: ["decoder": StageSettings(guidance: .nan)]),
            "decoder guidance"
        ),
        (ImageRequest(.textToImage(prompt: "x"), stages: ["decoder": StageSettings(guidance: -1)]), "decoder guidance"),
        (ImageRequest(.textToImage(prompt: "x"), stages: ["decoder": StageSettings(solver: "heun")]), "solver"),
        // The reference divides by the number of steps less one.
        (ImageRequest(.textToImage(prompt: "x"), stages: ["decoder": StageSettings(steps: 1)]), "steps"),
    ])
    func refusesWhatNoModelTakes(request: ImageRequest, parameter: String) throws {
        let error = failure(request, try Described.karlo())
        #expect(error?.kind == .invalidRequest && error?.parameter == parameter)
    }

    @Test(arguments: ["🦊", "a\u{0}b", "\u{FEFF}猫", String(repeating: "x ", count: 10_000)])
    func takesAnyPromptThatSaysSomething(prompt: String) throws {
        let plan = try plan(ImageRequest(.textToImage(prompt: prompt)), Described.karlo())
        #expect(plan.subjects.map(\.prompt) == [prompt])
    }

    @Test func partsKeepEachPicturesSeed() throws {
        let parts = try plan(ImageRequest(apple, count: 5), Described.karlo()).parts(of: 2)
        #expect(parts.map(\.pictures) == [[0, 1], [2, 3], [4]])
        #expect(parts.map(\.part.noise) == [.seeded([7, 8]), .seeded([9, 10]), .seeded([11])])
        #expect(parts.map(\.part.count) == [2, 2, 1])
    }

    @Test(arguments: [("256", 256, 256), ("512x512", 512, 512), ("64X32", 64, 32)])
    func sizesAreReadAsTheyAreWritten(text: String, width: Int, height: Int) {
        #expect(PictureSize(text) == PictureSize(width: width, height: height))
    }

    @Test(arguments: ["", "x", "256x", "0", "-3", "1x2x3", "1.5"])
    func otherSizesAreNone(text: String) { #expect(PictureSize(text) == nil) }
}

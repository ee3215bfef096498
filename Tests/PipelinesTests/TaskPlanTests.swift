import Diffusion
import ImageGeneration
import Imaging
import Testing

@testable import Pipelines

/// Every picture task, as a plan: no weights.
struct TaskPlanTests {
    private static let side = 300
    private func picture() throws -> ImageBuffer {
        try ImageBuffer(width: Self.side, height: Self.side, color: .white)
    }

    private func mask() throws -> Mask {
        var samples = [UInt8](repeating: 255, count: Self.side * Self.side)
        for y in 100..<140 { for x in 120..<180 { samples[y * Self.side + x] = 0 } }
        return try Mask(coverage: ImageBuffer(width: Self.side, height: Self.side, channels: 1, samples: samples))
    }

    private func planned(_ request: ImageRequest, _ model: ModelDescription) throws -> GenerationPlan {
        try Pipelines.plan(for: request, seed: 7, model: model)
    }

    private func tasks() throws -> [ImageTask] {
        let picture = try picture()
        return [
            .textToImage(prompt: "an owl"),
            .inpaint(Inpainting(picture, mask: try mask(), prompt: "an owl")),
            .outpaint(Outpainting(picture, margins: Margins(right: 100), prompt: "an owl")),
            .variation(Variation(of: picture)),
            .blend(Blend([.picture(picture), .text("an owl")], weights: [1, 1])),
            .textDifference(TextDifference(picture, from: "a cat", to: "an owl")),
        ]
    }

    /// All tasks × all models that differ in what they can do.
    @Test(arguments: TaskKind.allCases)
    func everyTaskIsPlannedOrRefusedByName(kind: TaskKind) throws {
        let task = try #require(try tasks().first { $0.kind == kind })
        for embeds in [Set<EmbeddingInput>(), [.text], [.picture], [.text, .picture]] {
            for sees in [false, true] {
                var model = try Described.karlo()
                model.embeds = embeds
                model.tasks = Set(TaskKind.allCases.filter { $0.isPossible(embedding: embeds) })
                model.stages[1].seesKnownPicture = sees
                let needs: Set<EmbeddingInput> =
                    switch kind {
                    case .textToImage, .inpaint, .outpaint: [.text]
                    case .variation, .textDifference: [.picture]
                    case .blend: [.text, .picture]
                    }
                if needs.isSubset(of: embeds) {
                    let plan = try planned(ImageRequest(task, count: 2), model)
                    #expect(plan.count == 2 && plan.noise.seeds == [7, 8])
                    #expect(plan.canvas?.isConditioned == (kind == .inpaint || kind == .outpaint ? sees : nil))
                    #expect(plan.stages.contains { $0.role == .prior } == needs.contains(.text))
                } else {
                    let error = #expect(throws: GenerationError.self) { try planned(ImageRequest(task), model) }
                    #expect(error?.kind == .unsupported)
                }
            }
        }
    }

    @Test func anEditIsAWindowAroundItsMask() throws {
        let request = ImageRequest(.inpaint(Inpainting(try picture(), mask: try mask(), prompt: "an owl", feather: 3)))
        let plan = try planned(request, Described.karlo())
        let canvas = try #require(plan.canvas)
        #expect(canvas.frames.count == 1 && canvas.feather == 3)
        let frame = canvas.frames[0]
        #expect(frame.side == 256 && frame.x <= 120 && frame.x + 256 >= 180 && frame.y <= 100 && frame.y + 256 >= 140)
        #expect(plan.size == PictureSize(square: Self.side))
        #expect(canvas.resampling == Resampling() && !canvas.isConditioned)
        #expect(plan.subjects == [Subject(prompt: "an owl", embedding: .text("an owl"))])
    }

    @Test func theMethodIsTheRequestsWhereTheModelHasIt() throws {
        let jumps = Resampling(length: 4, repeats: 2)
        var task = Inpainting(try picture(), mask: try mask(), prompt: "an owl", method: .resampling(jumps))
        var model = try Described.karlo()
        model.stages[1].seesKnownPicture = true
        #expect(try planned(ImageRequest(.inpaint(task)), model).canvas?.resampling == jumps)
        task.method = .automatic
        #expect(try planned(ImageRequest(.inpaint(task)), model).canvas?.resampling == nil)
        task.method = .conditioning
        let error = #expect(throws: GenerationError.self) {
            try planned(ImageRequest(.inpaint(task)), Described.karlo())
        }
        #expect(error?.kind == .unsupported && error?.parameter == "method")
    }

    @Test func editsComeAtTheSizeThatIsAskedFor() throws {
        let task = ImageTask.inpaint(Inpainting(try picture(), mask: try mask(), prompt: "an owl"))
        let plan = try planned(ImageRequest(task, size: PictureSize(square: 512)), Described.karlo())
        #expect(plan.size == PictureSize(square: 512) && plan.canvas?.picture.width == 512)
        #expect(plan.canvas?.mask.width == 512)
        let error = #expect(throws: GenerationError.self) {
            try planned(ImageRequest(task, size: PictureSize(width: 512, height: 256)), Described.karlo())
        }
        #expect(error?.parameter == "size")
    }

    @Test func extendingGrowsThePictureFrameByFrame() throws {
        let task = ImageTask.outpaint(
            Outpainting(try picture(), margins: Margins(left: 10, top: 20, right: 400, bottom: 0), prompt: "an owl"))
        let plan = try planned(ImageRequest(task), Described.karlo())
        let canvas = try #require(plan.canvas)
        #expect(plan.size == PictureSize(width: 710, height: 320))
        #expect(canvas.frames.count > 1 && canvas.frames.allSatisfy { $0.side == 256 })
        #expect(canvas.mask.coverage[10, 20].first == 255 && canvas.mask.coverage[9, 20].first == 0)
    }

    /// Beside a large picture go large frames, not many small ones.
    @Test(arguments: [(200, 256), (300, 256), (511, 256), (600, 512), (2000, 1024)])
    func framesAreOfThePicturesScale(shorter: Int, side: Int) throws {
        let picture = try ImageBuffer(width: shorter + 30, height: shorter, color: .white)
        let task = ImageTask.outpaint(Outpainting(picture, margins: Margins(right: 900), prompt: "an owl"))
        let plan = try planned(ImageRequest(task), Described.small())
        #expect(try #require(plan.canvas).frames.allSatisfy { $0.side == side })
        #expect(plan.stages.last?.space.pictureSize?.width == (side > 256 ? 1024 : 256))
    }

    @Test func variationsNearThePictureBeginWithItsNoise() throws {
        let picture = try picture()
        let near = try planned(ImageRequest(.variation(Variation(of: picture, strength: 0))), Described.karlo())
        #expect(near.inversion == Inversion(picture, freshNoise: 0))
        let decoder = try #require(near.stages.first { $0.role == .decoder })
        #expect(decoder.diffusion?.scheduler.kind == .ddim && decoder.diffusion?.run.eta == 0)
        #expect(decoder.steps == Inversion.steps)
        #expect(decoder.guidance == nil)
        let between = try planned(ImageRequest(.variation(Variation(of: picture, strength: 0.5))), Described.karlo())
        #expect(between.stages[0].diffusion?.run.eta == 0.5 && between.stages[0].guidance == 4.5)
        let free = try planned(ImageRequest(.variation(Variation(of: picture))), Described.karlo())
        #expect(free.inversion == nil && free.stages[0].diffusion?.scheduler.kind == .unCLIP)
        let error = #expect(throws: GenerationError.self) {
            try planned(
                ImageRequest(
                    .variation(Variation(of: picture, strength: 0)),
                    stages: ["decoder": StageSettings(solver: "euler")]), Described.karlo())
        }
        #expect(error?.parameter == "solver")
    }

    @Test func framesOfASeriesShareTheirNoise() throws {
        let picture = try picture()
        let series = Blend(from: .picture(picture), to: .text("an owl"), frames: 3)
        let shared = try planned(ImageRequest(.blend(series), count: 2), Described.karlo())
        #expect(shared.count == 6 && shared.noise == .seeded([7, 8, 7, 8, 7, 8]))
        #expect(
            shared.subjects[1].embedding
                == .blend([.init(.picture(picture), weight: 0.5), .init(.text("an owl"), weight: 0.5)]))
        var own = series
        own.noise = .slerped
        let slerped = try planned(ImageRequest(.blend(own)), Described.karlo())
        #expect(slerped.noise == .slerped([7, 7, 7], weights: [[1, 0], [0.5, 0.5], [0, 1]]))
    }

    @Test func aPictureMovesFromItsOwnNoise() throws {
        let picture = try picture()
        let task = TextDifference(picture, from: "a cat", to: "an owl", upTo: 0.5, frames: 3)
        let plan = try planned(ImageRequest(.textDifference(task)), Described.karlo())
        #expect(plan.inversion == Inversion(picture, freshNoise: 0))
        #expect(
            plan.subjects.map(\.embedding)
                == [0, 0.25, 0.5].map {
                    .moved(.picture(picture), from: "a cat", to: "an owl", amount: $0)
                })
    }

    @Test func plansOfOneKindAreDrawnTogether() throws {
        let model = try Described.karlo()
        let plans = try ["an owl", "a fox"].enumerated().map { index, prompt in
            try Pipelines.plan(
                for: ImageRequest(.textToImage(prompt: prompt), count: 2), seed: UInt64(10 * index), model: model)
        }
        let batch = try PlanBatch(plans)
        #expect(batch.plan.subjects.map(\.prompt) == ["an owl", "an owl", "a fox", "a fox"])
        #expect(batch.plan.noise.seeds == [0, 1, 10, 11])
        let image = try picture()
        let event = ImageEvent.picture(GeneratedPicture(index: 3, seed: 11, image: image))
        #expect(
            batch.events(of: event, previews: [0, 0])
                == [BatchEvent(request: 1, event: .picture(GeneratedPicture(index: 1, seed: 11, image: image)))])
        #expect(batch.events(of: .preview(index: 0, image), previews: [0, 2]).isEmpty)
        let other = try planned(
            ImageRequest(
                .textToImage(prompt: "x"), preset: nil,
                stages: [
                    "decoder": StageSettings(steps: 9)
                ]), model)
        #expect(throws: GenerationError.self) { try PlanBatch([plans[0], other]) }
    }

    @Test(arguments: BadTask.all)
    func refusesWhatNoModelTakes(bad: BadTask) throws {
        let task = bad.task
        let error = #expect(throws: GenerationError.self) { try planned(ImageRequest(task), Described.karlo()) }
        #expect(error?.kind == .invalidRequest && error?.parameter == bad.parameter)
    }
}

/// A task with a value that no model could take.
struct BadTask: Sendable, CustomTestStringConvertible {
    let task: ImageTask
    let parameter: String
    var testDescription: String { "\(task.kind) \(parameter)" }

    static let all: [BadTask] = {
        guard let picture = try? ImageBuffer(width: 64, height: 64, color: .white),
            let clear = try? picture.withAlpha(ImageBuffer(width: 64, height: 64, channels: 1, color: .white)),
            let small = try? Mask(coverage: ImageBuffer(width: 32, height: 32, channels: 1, color: .white)),
            let keeping = try? Mask(coverage: ImageBuffer(width: 64, height: 64, channels: 1, color: .white)),
            let hole = try? Mask(coverage: ImageBuffer(width: 64, height: 64, channels: 1, color: Color(grey: 0)))
        else { return [] }
        return [
            .init(task: .inpaint(Inpainting(picture, prompt: "x")), parameter: "mask"),
            .init(task: .inpaint(Inpainting(clear, prompt: "x")), parameter: "mask"),
            .init(task: .inpaint(Inpainting(picture, mask: small, prompt: "x")), parameter: "mask"),
            .init(task: .inpaint(Inpainting(picture, mask: keeping, prompt: "x")), parameter: "mask"),
            .init(task: .inpaint(Inpainting(picture, mask: hole, prompt: " ")), parameter: "prompt"),
            .init(task: .inpaint(Inpainting(picture, mask: hole, prompt: "x", feather: -1)), parameter: "feather"),
            .init(task: .inpaint(Inpainting(picture, mask: hole, prompt: "x", context: .nan)), parameter: "context"),
            .init(
                task: .inpaint(
                    Inpainting(
                        picture, mask: hole, prompt: "x", method: .resampling(Resampling(length: 0, repeats: 3)))),
                parameter: "method"),
            .init(task: .outpaint(Outpainting(picture, margins: Margins(), prompt: "x")), parameter: "margins"),
            .init(task: .outpaint(Outpainting(picture, margins: Margins(left: -1), prompt: "x")), parameter: "margins"),
            .init(
                task: .outpaint(Outpainting(picture, margins: Margins(all: 16000), prompt: "x")), parameter: "margins"),
            .init(
                task: .outpaint(Outpainting(picture, margins: Margins(all: 8), prompt: "x", overlap: 0.1)),
                parameter: "overlap"),
            .init(task: .variation(Variation(of: picture, strength: 1.1)), parameter: "strength"),
            .init(task: .variation(Variation(of: picture, strength: .nan)), parameter: "strength"),
            .init(task: .blend(Blend([.picture(picture)], weights: [1])), parameter: "sources"),
            .init(
                task: .blend(Blend(Array(repeating: .text("x"), count: 9), weights: Array(repeating: 1, count: 9))),
                parameter: "sources"),
            .init(task: .blend(Blend([.text("x"), .text(" ")], weights: [1, 1])), parameter: "text"),
            .init(task: .blend(Blend([.text("x"), .text("y")], weights: [1])), parameter: "weights"),
            .init(task: .blend(Blend([.text("x"), .text("y")], weights: [0, 0])), parameter: "weights"),
            .init(task: .blend(Blend([.text("x"), .text("y")], weights: [2, -1])), parameter: "weights"),
            .init(task: .blend(Blend(from: .text("x"), to: .text("y"), frames: 0)), parameter: "frames"),
            .init(task: .blend(Blend(from: .text("x"), to: .text("y"), frames: 65)), parameter: "frames"),
            .init(task: .textDifference(TextDifference(picture, from: "", to: "y")), parameter: "from"),
            .init(task: .textDifference(TextDifference(picture, from: "x", to: "")), parameter: "to"),
            .init(
                task: .textDifference(TextDifference(picture, from: "x", to: "y", amounts: [0.6])), parameter: "theta"),
        ]
    }()
}

import Checkpoints
import Diffusion
import Foundation
import ImageGeneration
import Imaging
import TestSupport
import Testing
import Torch

@testable import Pipelines

@Suite(.serialized)
struct DalleMiniTests {
    private func generator(batch: Int? = nil) -> LocalImageGenerator {
        Library.threads = 1
        return LocalImageGenerator(library: ModelLibrary(roots: []), options: .init(batch: batch))
    }

    private func request(_ folder: URL, count: Int = 1, previews: Int = 0) -> ImageRequest {
        ImageRequest(
            .textToImage(prompt: "a red fox"), model: folder.path, count: count, seed: 3, previews: previews)
    }

    // MARK: Plans

    private func plan(_ settings: StageSettings, candidates: Int = 1) throws -> GenerationPlan {
        var request = ImageRequest(.textToImage(prompt: "a fox"), stages: ["decoder": settings])
        request.candidates = candidates
        return try Pipelines.plan(for: request, seed: 1, model: Described.dalleMini())
    }

    @Test func aPlanSaysHowTokensAreChosen() throws {
        let stage = try plan(StageSettings(guidance: 10, temperature: 0.5, topK: 64)).stages[0]
        #expect(
            stage.sampler
                == .tokens(TokenSampling(startToken: 16384, temperature: 0.5, topK: 64, length: 256)))
        #expect(stage.guidance == 10 && stage.steps == 256 && stage.diffusion == nil)
        #expect(stage.space.pictureSize == PictureSize(square: 256))
    }

    @Test(arguments: [
        (StageSettings(steps: 100), "steps"), (StageSettings(solver: "ddim"), "solver"),
        (StageSettings(temperature: -1), "temperature"), (StageSettings(topK: 0), "top_k"),
    ])
    func whatTokensDoNotHaveIsRefused(_ settings: StageSettings, parameter: String) throws {
        let error = #expect(throws: GenerationError.self) { try plan(settings) }
        #expect(error?.parameter == parameter)
    }

    @Test func aDiffusionHasNoTemperatureAndAModelWithoutAPriorNoCandidates() throws {
        let request = ImageRequest(
            .textToImage(prompt: "a fox"), stages: ["decoder": StageSettings(temperature: 1)])
        let error = #expect(throws: GenerationError.self) {
            try Pipelines.plan(for: request, seed: 1, model: Described.karlo())
        }
        #expect(error?.parameter == "temperature")
        #expect(throws: GenerationError.self) { try plan(StageSettings(), candidates: 2) }
    }

    @Test func otherTasksAreRefused() throws {
        let request = ImageRequest(.variation(Variation(of: try Described.picture())))
        let error = #expect(throws: GenerationError.self) {
            try Pipelines.plan(for: request, seed: 1, model: Described.dalleMini())
        }
        #expect(error?.kind == .unsupported && error?.message.contains("text_to_image") == true)
    }

    // MARK: Pictures

    @Test(.fixtures("dalle-mini-tiny"))
    func aPictureDoesNotDependOnItsBatch() async throws {
        let folder = try Fixtures.folder("dalle-mini-tiny")
        let together = try await generator().pictures(request(folder, count: 2))
        let alone = try await generator(batch: 1).pictures(request(folder, count: 2))
        #expect(together[0].image != together[1].image)
        for (a, b) in zip(together, alone) { #expect(a.image.distance(to: b.image) <= 1) }
    }

    @Test(.fixtures("dalle-mini-tiny"))
    func previewsShowTheRowsThatAreThere() async throws {
        let folder = try Fixtures.folder("dalle-mini-tiny")
        let transcript = try await generator().transcript(request(folder, previews: 1))
        let previews = transcript.events.compactMap { event in
            if case .preview(_, let image) = event { image } else { nil }
        }
        let preview = try #require(previews.first)
        #expect(previews.count == 1 && preview.width == 256 && preview.height == 256)
        let rows = preview.samples.count / 2
        #expect(preview.samples[rows...].allSatisfy { $0 == 255 }, "the lower half is white")
        #expect(preview.samples[..<rows].contains { $0 != 255 })
    }

    @Test(.fixtures("dalle-mini-tiny"))
    func publishedCheckpointsAreTheSameModel() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "limn-mini-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        let (own, flax, archives) = (
            root.appending(path: "own"), root.appending(path: "flax"), root.appending(path: "archives")
        )
        try PublishedDalleMini.writeUnscaled(try Fixtures.folder("dalle-mini-tiny"), to: own)
        try FlaxDalleMini.write(own, to: flax)
        try PublishedDalleMini.writeArchives(own, to: archives)
        let expected = try await generator().pictures(request(own)).map(\.image)
        for folder in [flax, archives] {
            let drawn = try await generator().pictures(request(folder)).map(\.image)
            #expect(drawn == expected, "\(folder.lastPathComponent)")
        }
    }
}

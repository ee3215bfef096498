import Foundation
import ImageGeneration
import Imaging
import TestSupport
import Testing
import Torch

@testable import Pipelines

@Suite(.serialized)
struct StableUnCLIPTests {
    private static let few = StageSettings(steps: 3)

    private func generator(batch: Int = 4) -> LocalImageGenerator {
        Library.threads = 1
        return LocalImageGenerator(library: ModelLibrary(roots: []), options: .init(batch: batch))
    }

    private func request(
        _ task: ImageTask, _ folder: String, count: Int = 1, previews: Int = 0
    ) throws -> ImageRequest {
        let model = try Fixtures.folder("stable-unclip-tiny").appending(path: folder)
        let stages = folder == "t2i" ? ["prior": Self.few, "decoder": Self.few] : ["decoder": Self.few]
        return ImageRequest(task, model: model.path, count: count, seed: 3, stages: stages, previews: previews)
    }

    private func source() throws -> ImageBuffer {
        try ImageBuffer(contentsOf: Fixtures.folder("stable-unclip-tiny").appending(path: "input.png"))
    }

    @Test(.fixtures("stable-unclip-tiny"))
    func saysWhatItsComponentsCan() async throws {
        let folder = try Fixtures.folder("stable-unclip-tiny")
        let texts = try await generator().capabilities(of: folder.appending(path: "t2i").path)
        #expect(texts.family == "stable-unclip")
        #expect(texts.tasks == [.textToImage, .inpaint, .outpaint, .blend])
        #expect(texts.stages.map(\.name) == ["prior", "decoder"])
        let pictures = try await generator().capabilities(of: folder.appending(path: "i2i").path)
        #expect(pictures.tasks == [.variation, .blend])
        #expect(pictures.nativeSize == PictureSize(square: 32))
    }

    @Test(.fixtures("stable-unclip-tiny"))
    func aPictureDoesNotDependOnItsBatch() async throws {
        let task = ImageTask.textToImage(prompt: "a red fox")
        let together = try await generator().pictures(request(task, "t2i", count: 2))
        let alone = try await generator(batch: 1).pictures(request(task, "t2i", count: 2))
        #expect(together[0].image != together[1].image)
        for (a, b) in zip(together, alone) { #expect(a.image.distance(to: b.image) <= 1) }
    }

    @Test(.fixtures("stable-unclip-tiny"))
    func previewsAreDecoded() async throws {
        let transcript = try await generator().transcript(
            request(.textToImage(prompt: "a red fox"), "t2i", previews: 1))
        let previews = transcript.events.compactMap { event in
            if case .preview(_, let image) = event { image } else { nil }
        }
        #expect(previews.map { [$0.width, $0.height, $0.channels] } == [[32, 32, 3]])
    }

    @Test(.fixtures("stable-unclip-tiny"))
    func variesAPictureFreelyAndFromItsOwnNoise() async throws {
        for strength in [1.0, 0.3] {
            let task = ImageTask.variation(Variation(of: try source(), strength: strength))
            let image = try #require(try await generator().pictures(request(task, "i2i")).first?.image)
            #expect(image.width == 32 && image.height == 32, "strength \(strength)")
        }
    }

    @Test(.fixtures("stable-unclip-tiny"))
    func whatAMaskKeepsComesBackBitForBit() async throws {
        let picture = try source().resized(width: 32, height: 32, filter: .lanczos3)
        let kept = (0..<32 * 32).map { UInt8($0 % 32 < 16 ? 255 : 0) }
        let mask = try Mask(coverage: ImageBuffer(width: 32, height: 32, channels: 1, samples: kept))
        let task = ImageTask.inpaint(Inpainting(picture, mask: mask, prompt: "a red fox"))
        let image = try #require(try await generator().pictures(request(task, "t2i")).first?.image)
        let channels = image.channels
        var changed = false
        for pixel in 0..<32 * 32 {
            let new = Array(image.samples[pixel * channels..<pixel * channels + 3])
            let old = Array(picture.samples[pixel * picture.channels..<pixel * picture.channels + 3])
            if pixel % 32 < 16 { #expect(new == old, "pixel \(pixel)") } else if new != old { changed = true }
        }
        #expect(changed)
    }

    @Test(.fixtures("stable-unclip-tiny"))
    func aNoiseLevelOutsideTheScheduleIsRefused() async throws {
        let folder = try Fixtures.folder("stable-unclip-tiny").appending(path: "t2i")
        try await withCopy(of: folder) { copy in
            let manifest = """
                {"format": 1, "name": "noisy", "family": "stable-unclip", "native_size": 32, "stages": [
                  {"name": "prior", "role": "prior", "network": "prior", "scheduler": "prior_scheduler", "steps": 2},
                  {"name": "decoder", "role": "decoder", "network": "unet", "scheduler": "scheduler", "steps": 2,
                   "noise_level": 1000}]}
                """
            try Data(manifest.utf8).write(to: copy.appending(path: "limn.json"))
            let request = ImageRequest(.textToImage(prompt: "a red fox"), model: copy.path, seed: 1)
            let error = await #expect(throws: GenerationError.self) { try await generator().pictures(request) }
            #expect(error?.kind == .unusableModel)
            #expect(error?.message.contains("0 to 999") == true)
        }
    }
}

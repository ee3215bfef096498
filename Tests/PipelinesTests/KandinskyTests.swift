import Foundation
import ImageGeneration
import Imaging
import TestSupport
import Testing
import Torch

@testable import Pipelines

/// Every task through the recorded tiny Kandinsky, which draws in latents and at any size.
@Suite(.serialized, .fixtures("kandinsky22-tiny"))
struct KandinskyTests {
    private static func request(_ task: ImageTask, count: Int = 1, size: PictureSize? = nil) throws -> ImageRequest {
        let few = StageSettings(steps: 3)
        let hasPrior = ![.variation, .textDifference].contains(task.kind)
        return ImageRequest(
            task, model: try Fixtures.folder("kandinsky22-tiny").path, count: count, size: size, seed: 4,
            stages: ["decoder": few].merging(hasPrior ? ["prior": few] : [:]) { $1 })
    }

    private static func generator() -> LocalImageGenerator {
        Library.threads = 1
        return LocalImageGenerator(library: ModelLibrary(roots: []), options: .init(batch: 4))
    }

    private static func picture() throws -> ImageBuffer {
        try ImageBuffer(contentsOf: Fixtures.folder("kandinsky22-tiny").appending(path: "input.png"))
    }

    @Test func aSeedIsAPictureAloneAndInABatch() async throws {
        let task = ImageTask.textToImage(prompt: "a panda", negative: "a worm")
        let size = PictureSize(width: 128, height: 64)
        let both = try await Self.generator().pictures(Self.request(task, count: 2, size: size))
        var second = try Self.request(task, size: size)
        second.seed = 5
        let alone = try await Self.generator().pictures(second)
        #expect(both[1].image.width == 128 && both[1].image.height == 64)
        #expect(both[1].image.distance(to: alone[0].image) <= 2)
        #expect(both[0].image.distance(to: alone[0].image) > 2)
    }

    @Test func previewsAreDecoded() async throws {
        var request = try Self.request(.textToImage(prompt: "a panda"), size: PictureSize(width: 128, height: 64))
        request.previews = 2
        var previews: [ImageBuffer] = []
        for try await event in Self.generator().generate(request) {
            if case .preview(_, let picture) = event { previews.append(picture) }
        }
        #expect(previews.count == 2 && previews.allSatisfy { $0.width == 128 && $0.height == 64 })
    }

    @Test func editsKeepWhatTheMaskKeeps() async throws {
        let picture = try Self.picture().converted(channels: 3)
        var samples = [UInt8](repeating: 255, count: picture.width * picture.height)
        for y in 30..<70 { for x in 40..<90 { samples[y * picture.width + x] = 0 } }
        let mask = try Mask(
            coverage: ImageBuffer(width: picture.width, height: picture.height, channels: 1, samples: samples))
        let task = ImageTask.inpaint(Inpainting(picture, mask: mask, prompt: "a cat"))
        let pictures = try await Self.generator().pictures(Self.request(task))
        let edited = try #require(pictures.first).image
        var changed = (kept: 0, painted: 0)
        for place in 0..<samples.count {
            let differs = (0..<3).contains { picture.samples[place * 3 + $0] != edited.samples[place * 3 + $0] }
            if differs { if samples[place] == 255 { changed.kept += 1 } else { changed.painted += 1 } }
        }
        #expect(changed.kept == 0 && changed.painted > 1000)
    }

    @Test func variesAndBlendsPictures() async throws {
        let picture = try Self.picture()
        let varied = try await Self.generator().pictures(
            Self.request(.variation(Variation(of: picture, strength: 1)), count: 2))
        #expect(varied.count == 2 && varied[0].image.distance(to: varied[1].image) > 2)
        let blend = Blend([.picture(picture), .text("a panda")], weights: [1, 1])
        let blended = try await Self.generator().pictures(Self.request(.blend(blend)))
        #expect(blended.count == 1)
    }

    /// The zero embedding is computed once for all runs of a model, and belongs to its encoder.
    @Test func theZeroEmbeddingIsKeptBesideTheModel() async throws {
        try await withCopy(of: Fixtures.folder("kandinsky22-tiny")) { folder in
            var request = try Self.request(.textToImage(prompt: "a panda"))
            request.model = folder.path
            let digest = try ModelDigest(cache: nil).digest(of: folder)
            let first = try await Self.generator().pictures(request)
            let file = folder.appending(path: ".zero_image_embedding.safetensors")
            let written = try Data(contentsOf: file)
            #expect(try ModelDigest(cache: nil).digest(of: folder) == digest)
            let second = try await Self.generator().pictures(request)
            #expect(first[0].image == second[0].image)
            // A damaged one is computed anew.
            try Data(written.prefix(20)).write(to: file)
            let third = try await Self.generator().pictures(request)
            #expect(third[0].image == first[0].image)
            #expect(try Data(contentsOf: file) == written)
        }
    }

    @Test(arguments: [PictureSize(width: 100, height: 64), PictureSize(square: 1024)])
    func refusesSizesThatItCannotDraw(size: PictureSize) async throws {
        let request = try Self.request(.textToImage(prompt: "a panda"), size: size)
        await #expect(throws: GenerationError.self) { try await Self.generator().pictures(request) }
    }

    @Test func aKnownPictureIsShownToTheNetworkForIt() async throws {
        let description = try ModelRegistry.describe(
            Fixtures.folder("kandinsky22-tiny").path, in: ModelLibrary(roots: []))
        let picture = try Self.picture()
        let outpaint = ImageTask.outpaint(Outpainting(picture, margins: Margins(all: 32), prompt: "a cat"))
        let plan = try Pipelines.plan(for: try Self.request(outpaint), seed: 1, model: description)
        #expect(plan.stages.map(\.network) == ["prior", "inpaint_unet"])
        let plain = try Pipelines.plan(
            for: Self.request(.textToImage(prompt: "a cat")), seed: 1, model: description)
        #expect(plain.stages.map(\.network) == ["prior", "unet"])
    }
}

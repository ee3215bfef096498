import Checkpoints
import Foundation
import ImageGeneration
import Imaging
import Models
import TestSupport
import Testing
import Torch

@testable import Pipelines

/// Networks that are held one at a time.
@Suite(.serialized)
struct LowMemoryTests {
    private static let folders = [
        "karlo-tiny", "kandinsky22-tiny", "stable-unclip-tiny/t2i", "stable-unclip-tiny/i2i",
    ]

    /// - Parameter folder: of the fixtures; the request is for what its model can do.
    private func request(_ folder: String) throws -> ImageRequest {
        let picture = try ImageBuffer(width: 32, height: 32, color: .white)
        let description = try ModelRegistry.describe(try model(folder), in: ModelLibrary(roots: []))
        let task: ImageTask =
            description.tasks.contains(.textToImage)
            ? .textToImage(prompt: "a red fox") : .variation(Variation(of: picture, strength: 0.5))
        let few = description.stages.map { ($0.declared.name, StageSettings(steps: 2)) }
        return ImageRequest(
            task, model: try model(folder), count: 2, seed: 5, stages: Dictionary(uniqueKeysWithValues: few),
            previews: 1)
    }

    private func model(_ folder: String) throws -> String {
        let parts = folder.split(separator: "/", maxSplits: 1).map(String.init)
        return parts.dropFirst().reduce(try Fixtures.folder(parts[0])) { $0.appending(path: $1) }.path
    }

    private func transcript(_ folder: String, _ residency: Residency) async throws -> Transcript {
        Library.threads = 1
        let generator = LocalImageGenerator(library: ModelLibrary(roots: []), options: .init(residency: residency))
        return try await generator.transcript(request(folder))
    }

    @Test(.fixtures("karlo-tiny"), arguments: folders)
    func picturesAreTheSame(folder: String) async throws {
        let all = try await transcript(folder, .all)
        let one = try await transcript(folder, .one)
        #expect(all.pictures.count == 2)
        #expect(all.pictures.map(\.image) == one.pictures.map(\.image))
        #expect(all.previews == one.previews && !all.previews.isEmpty)
        let stated = one.notes.compactMap { if case .lowMemory(let one, let all) = $0 { one < all } else { nil } }
        #expect(stated == [true])
    }

    /// A stage's network is gone when the next stage draws.
    @Test(.fixtures("karlo-tiny")) func networksGo() throws {
        Library.threads = 1
        let installed = try ModelLibrary(roots: []).locate(try model("karlo-tiny"))
        let files = try installed.files()
        let loader = ComponentLoader(files, dtype: .float32, device: .cpu, residency: .one)
        let model = UnCLIPModel(loader)
        let plan = try Pipelines.plan(
            for: request("karlo-tiny"), seed: 1, model: try ModelRegistry.describe(installed))
        weak let text = try model.textEncoder
        weak var prior: PriorTransformer?
        weak var decoder: UNet2DConditionModel?
        weak var first: (any Upsampler)?
        var seen: [String] = []
        let observe = RunObserver { name, _ in
            switch name {
            case "prior/call00/raw":
                #expect(text == nil)
                prior = try model.prior("prior")
            case "decoder/call00/raw":
                #expect(prior == nil)
                decoder = try model.decoder("decoder")
            case "super_res_first/call00/raw":
                #expect(decoder == nil)
                first = try model.upsampler("super_res_first")
            case "super_res_last/call01/raw":
                #expect(first == nil)
            default: return nil
            }
            seen.append(name)
            return nil
        }
        _ = try plan.run(on: model, noise: plan.noiseSource, observe: observe)
        #expect(seen.count == 4)
    }

    @Test(.fixtures("karlo-tiny")) func needsAreToldWithoutReading() throws {
        let installed = try ModelLibrary(roots: []).locate(try model("karlo-tiny"))
        let needs = try #require(try ModelRegistry.memoryNeeds(of: installed, dtype: .float32))
        let half = try #require(try ModelRegistry.memoryNeeds(of: installed, dtype: .bfloat16))
        #expect(needs.all == 2 * half.all && needs.one == 2 * half.one)
        // Of a picture from a text no image encoder is part.
        let files = try installed.files()
        let parts = [
            "text_encoder", "text_proj", "prior", "decoder", "super_res_first", "super_res_last",
        ]
        let sizes = try parts.map { try files.weights(component: $0).elementCount * 4 }
        #expect(needs.all == sizes.reduce(0, +))
        #expect(needs.one == sizes.max())
    }

    /// Until the zero embedding is there its encoder is needed, though not beside the others.
    @Test(.fixtures("kandinsky22-tiny")) func anEncoderThatIsUsedOnceIsCounted() async throws {
        try await withCopy(of: Fixtures.folder("kandinsky22-tiny")) { folder in
            let installed = try ModelLibrary(roots: []).locate(folder.path)
            let files = try installed.files()
            var request = try request("kandinsky22-tiny")
            request.model = folder.path
            let plan = try Pipelines.plan(for: request, seed: 1, model: ModelRegistry.describe(installed))
            func networks() throws -> [PlannedNetwork] {
                try Kandinsky22Model(ComponentLoader(files, dtype: .float32, device: .cpu)).networks(for: plan)
            }
            let drawing = ["text_encoder", "prior", "unet", "movq"]
            #expect(try networks().map(\.component) == ["image_encoder"] + drawing)
            _ = try await LocalImageGenerator(library: ModelLibrary(roots: []), options: .init()).pictures(request)
            #expect(try networks().map(\.component) == drawing)

            func needs(kept: String, brief: String) throws -> MemoryNeeds {
                try MemoryNeeds(
                    of: [PlannedNetwork(brief, isKept: false) {}, PlannedNetwork(kept) {}], in: files, dtype: .float32)
            }
            let (large, small) = ("unet", "image_encoder")
            #expect(try needs(kept: large, brief: small) == needs(kept: small, brief: large))
            #expect(try needs(kept: large, brief: small).all == files.weights(component: large).elementCount * 4)
        }
    }

    @Test func freeMemoryIsWhatTheSystemAndTheGroupLeave() {
        #expect(SystemMemory.available(meminfo: "MemTotal:  9 kB\nMemAvailable:   2048 kB\n") == 2 << 20)
        #expect(SystemMemory.available(meminfo: "MemTotal:  9 kB\n") == nil)
        #expect(
            SystemMemory.available(limit: "1000\n", used: "700\n", statistics: "anon 600\ninactive_file 80\n") == 380)
        #expect(SystemMemory.available(limit: "max\n", used: "700\n", statistics: nil) == nil)
        #expect(SystemMemory.available(limit: "10\n", used: "700\n", statistics: nil) == 0)
    }
}

extension Transcript {
    fileprivate var previews: [ImageBuffer] {
        events.compactMap { if case .preview(_, let image) = $0 { image } else { nil } }
    }
}

import Checkpoints
import Foundation
import ImageGeneration
import Imaging
import Models
import NN
import TestSupport
import Testing
import Torch

@testable import Pipelines

/// Models in Karlo's layout with what Karlo does not have, declared in `limn.json`.
@Suite(.serialized)
struct SmallModelTests {
    private let manifest = """
        {
          "format": 1, "name": "tiny", "family": "unclip", "license": "Apache-2.0",
          "capabilities": ["text_to_image", "levitation"],
          "components": {"linear_prior": "LinearPrior", "super_res_48": "UNet2DModel"},
          "native_size": 24, "sizes": [24, 36, 48, 96], "linear_prior": "linear_prior",
          "stages": [
            {"name": "prior", "role": "prior", "network": "prior", "scheduler": "prior_scheduler", "steps": 3},
            {"name": "decoder", "role": "decoder", "network": "decoder", "scheduler": "decoder_scheduler", "steps": 4,
             "guidance": 3, "solver": "dpmsolver++", "options": {"timestep_spacing": "trailing"}},
            {"name": "super_res", "role": "upsampler", "network": "super_res_first", "scheduler": "super_res_scheduler",
             "steps": 3, "solver": "ddim"},
            {"name": "super_res_48", "role": "upsampler", "network": "super_res_48", "scheduler": "super_res_scheduler",
             "steps": 2, "solver": "ddim", "size": 48}
          ],
          "presets": {
            "draft": {"embedding": "linear", "stages": {"decoder": {"steps": 2}}},
            "standard": {}
          },
          "preset": "standard"
        }
        """

    private var sketchedManifest: String {
        manifest.replacingOccurrences(
            of: #"{"name": "decoder","#,
            with: """
                {"name": "sketch", "role": "sketcher", "network": "sketcher", "scheduler": "decoder_scheduler",
                 "steps": 2, "guidance": 2, "solver": "ddim"},
                {"name": "decoder",
                """
        ).replacingOccurrences(of: "LinearPrior\"", with: "LinearPrior\", \"sketcher\": \"Sketcher\"")
            .replacingOccurrences(of: "\"levitation\"", with: "\"inpaint\", \"variation\"")
    }

    /// Writes some of a component's weights anew.
    private func change(_ keys: Set<String>, of component: URL, _ change: (Tensor) -> Tensor) throws {
        let url = component.appending(path: "diffusion_pytorch_model.safetensors")
        let file = try TensorFile(url)
        let tensors = try file.keys.map { key in
            let tensor = try file.tensor(key).clone()
            return (key: key, tensor: keys.contains(key) ? change(tensor) : tensor)
        }
        try SafetensorsWriter.write(tensors, to: url)
    }

    /// A component with fresh weights.
    private func save<Network>(
        _ name: String, _ config: some Encodable, in folder: URL, _ build: (ParameterScope) throws -> Network
    ) throws {
        let component = folder.appending(path: name)
        try FileManager.default.createDirectory(at: component, withIntermediateDirectories: true)
        try JSONEncoder().encode(config).write(to: component.appending(path: "config.json"))
        let store = ParameterStore(generator: Generator(seed: 3))
        _ = try build(store.root)
        try SafetensorsWriter.write(store.all, to: component.appending(path: "diffusion_pytorch_model.safetensors"))
    }

    /// - Parameter sketched: whether a sketcher says what lies where, and the decoder is shown it.
    private func withModel<R>(sketched: Bool = false, _ body: (URL) async throws -> R) async throws -> R {
        Library.threads = 1
        return try await withCopy(of: Goldens.folder("unclip")) { folder in
            let linear = LinearPriorConfig(textDim: 16, imageDim: 16)
            try save("linear_prior", linear, in: folder) { LinearPrior(linear, $0) }
            for (name, patch) in [("super_res_first", 2), ("super_res_48", 4)] {
                var config = UNet2DConfig(inChannels: 6, outChannels: 3, blockOutChannels: [8, 8], patchSize: patch)
                config.layout.normNumGroups = 4
                config.layout.sampleSize = 24
                try save(name, config, in: folder) { [config] in try UNet2DModel(config, $0) }
            }
            try FileManager.default.removeItem(at: folder.appending(path: "super_res_last"))
            for name in ["decoder_scheduler", "super_res_scheduler"] {
                try folder.write(
                    #"{"_class_name": "DDPMScheduler", "beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction"}"#,
                    to: "\(name)/scheduler_config.json")
            }
            // A decoder that folds its input, has channels for a known picture, and predicts no variance, for the
            // solvers that know none.
            var decoder = try ModelFolder(folder).decode(UNet2DConditionConfig.self, component: "decoder")
            decoder.layout.patchSize = 2
            decoder.layout.inChannels = 7 * 4
            decoder.layout.outChannels = 3 * 4
            decoder.inpaintingChannels = 4
            if sketched {
                let json = #"{"sample_size": 4, "hidden_size": 8, "num_layers": 1, "clip_embeddings_dim": 16}"#
                let config = try JSONDecoder().decode(SketcherConfig.self, from: Data(json.utf8))
                try save("sketcher", config, in: folder) { Sketcher(config, $0) }
                decoder.sketchSize = 4
                decoder.layout.inChannels += 3 * 4
            }
            try save("decoder", decoder, in: folder) { [decoder] in try UNet2DConditionModel(decoder, $0) }
            // New weights neither see it nor answer anything.
            if sketched {
                try change(["conv_in.weight", "conv_out.weight"], of: folder.appending(path: "decoder")) {
                    .randn($0.shape, generator: Generator(seed: 2)) * 0.1
                }
            }
            try folder.write(sketched ? sketchedManifest : manifest, to: "limn.json")
            return try await body(folder)
        }
    }

    private func request(_ folder: URL, size: Int? = nil, preset: String? = nil) -> ImageRequest {
        ImageRequest(
            .textToImage(prompt: "a red fox"), model: folder.path, count: 2,
            size: size.map { PictureSize(square: $0) }, seed: 1, preset: preset)
    }

    private func stages(_ transcript: Transcript) -> [String] {
        guard case .finished(let summary)? = transcript.events.last else { return [] }
        return summary.stages.map { "\($0.name) \($0.solver) \($0.steps)" }
    }

    @Test func capabilitiesAreTheManifests() async throws {
        try await withModel { folder in
            let known = try await LocalImageGenerator(library: ModelLibrary(roots: [])).capabilities(of: folder.path)
            #expect(known.model == "tiny" && known.license == "Apache-2.0")
            // The picture's components are there, but the manifest does not offer them; what it invents is passed over.
            #expect(known.tasks == [.textToImage])
            #expect(known.sizes.map(\.width) == [24, 36, 48, 96])
            #expect(known.presets == ["draft", "standard"] && known.defaultPreset == "standard")
            #expect(known.stages.map(\.solver) == ["unclip", "dpmsolver++", "ddim", "ddim"])
        }
    }

    @Test func presetsAndSizesChooseStages() async throws {
        try await withModel { folder in
            let generator = LocalImageGenerator(library: ModelLibrary(roots: []))
            let plain = try await generator.transcript(request(folder))
            #expect(stages(plain) == ["prior unclip 3", "decoder dpmsolver++ 4", "super_res ddim 3"])
            #expect(plain.pictures.map(\.image.width) == [24, 24])

            let draft = try await generator.transcript(request(folder, size: 48, preset: "draft"))
            #expect(stages(draft) == ["decoder dpmsolver++ 2", "super_res ddim 3", "super_res_48 ddim 2"])
            #expect(draft.pictures.map(\.image.width) == [48, 48])

            for size in [36, 96] {
                let transcript = try await generator.transcript(request(folder, size: size))
                #expect(stages(transcript).last == "super_res_48 ddim 2")
                #expect(transcript.pictures.map(\.image.height) == [size, size])
            }
        }
    }

    @Test func theLinearPriorNeedsNoOther() async throws {
        try await withModel { folder in
            try FileManager.default.removeItem(at: folder.appending(path: "prior/diffusion_pytorch_model.safetensors"))
            let generator = LocalImageGenerator(library: ModelLibrary(roots: []))
            #expect(try await generator.pictures(request(folder, preset: "draft")).count == 2)
            await #expect(throws: GenerationError.self) { try await generator.pictures(request(folder)) }
        }
    }

    /// The known part of a picture is known to every candidate, and each picture has one preview, not one a candidate.
    @Test func editsHaveCandidates() async throws {
        try await withModel { folder in
            try folder.write(
                manifest.replacingOccurrences(of: "levitation", with: "inpaint"), to: "limn.json")
            let picture = try ImageBuffer(contentsOf: Goldens.folder("unclip").appending(path: "input.png"))
                .resized(width: 24, height: 24, filter: .lanczos3)
            let kept = (0..<24 * 24).map { UInt8($0 % 24 < 10 ? 255 : 0) }
            let mask = try Mask(coverage: ImageBuffer(width: 24, height: 24, channels: 1, samples: kept))
            var request = ImageRequest(
                .inpaint(Inpainting(picture, mask: mask, prompt: "a red fox")), model: folder.path, count: 2, seed: 1,
                preset: "draft", candidates: 3, previews: 1)
            let generator = LocalImageGenerator(library: ModelLibrary(roots: []))
            let transcript = try await generator.transcript(request)
            let previews = transcript.events.compactMap {
                if case .preview(let index, _) = $0 { index } else { Int?.none }
            }
            #expect(previews.sorted() == [0, 1])
            for drawn in transcript.pictures.map(\.image) {
                #expect(
                    kept.indices.allSatisfy {
                        kept[$0] == 0 || drawn[$0 % 24, $0 / 24].elementsEqual(picture[$0 % 24, $0 / 24])
                    })
            }
            request.candidates = 1
            let once = try await generator.pictures(request)
            #expect(zip(once, transcript.pictures).contains { $0.image != $1.image })
        }
    }

    /// Each candidate is drawn after a sketch of its own, and the same seed draws the same picture beside others.
    @Test func picturesAreDrawnAfterSketches() async throws {
        try await withModel(sketched: true) { folder in
            let generator = LocalImageGenerator(library: ModelLibrary(roots: []))
            // New upsamplers answer nothing yet.
            var request = request(folder, size: 8, preset: "draft")
            request.candidates = 3
            let both = try await generator.transcript(request)
            #expect(stages(both) == ["sketch ddim 2", "decoder dpmsolver++ 2"])
            request.count = 1
            request.seed = 2
            let alone = try await generator.pictures(request)
            #expect(alone[0].image.distance(to: both.pictures[1].image) <= 1)
            // The sketch is seen: another scale for it draws another picture.
            request.stages["sketch"] = StageSettings(guidance: 9)
            #expect(try await generator.pictures(request)[0].image != alone[0].image)
            // It is no picture that could be asked for.
            request.size = PictureSize(square: 4)
            await #expect(throws: GenerationError.self) { try await generator.pictures(request) }
        }
    }

    /// Things that are counted out are drawn and placed by themselves, the same alone and beside others.
    @Test func scenesAreDrawnThingByThing() async throws {
        try await withModel(sketched: true) { folder in
            let generator = LocalImageGenerator(library: ModelLibrary(roots: []))
            func draw(count: Int, seed: UInt64) async throws -> Transcript {
                var request = request(folder, size: 8, preset: "draft")
                request.task = .textToImage(prompt: "two owls and a fox", negative: "")
                (request.count, request.seed, request.candidates, request.previews) = (count, seed, 2, 2)
                return try await generator.transcript(request)
            }
            let whole = try await draw(count: 2, seed: 1)
            try folder.write(
                sketchedManifest.replacingOccurrences(
                    of: #""role": "decoder","#, with: #""role": "decoder", "composes_scenes": true,"#), to: "limn.json")
            let both = try await draw(count: 2, seed: 1)
            #expect(both.pictures.map(\.image) != whole.pictures.map(\.image))
            let alone = try await draw(count: 1, seed: 2)
            #expect(alone.pictures[0].image.distance(to: both.pictures[1].image) <= 1)
            let previews = both.events.compactMap { event -> ImageBuffer? in
                if case .preview(_, let image) = event { image } else { nil }
            }
            #expect(previews.count == 4 && previews.allSatisfy { $0.width == 8 && $0.height == 8 })
            // The stages after go on with the whole, whatever was chosen among before.
            var larger = request(folder, size: 24, preset: "draft")
            larger.task = .textToImage(prompt: "two owls and a fox", negative: "")
            larger.candidates = 3
            #expect(try await generator.pictures(larger).map(\.image.width) == [24, 24])
        }
    }

    @Test func whatIsKnownOfAPictureIsKnownToItsSketch() async throws {
        try await withModel(sketched: true) { folder in
            let picture = try ImageBuffer(contentsOf: Goldens.folder("unclip").appending(path: "input.png"))
                .resized(width: 24, height: 24, filter: .lanczos3)
            let kept = (0..<24 * 24).map { UInt8($0 % 24 < 10 ? 255 : 0) }
            let mask = try Mask(coverage: ImageBuffer(width: 24, height: 24, channels: 1, samples: kept))
            let generator = LocalImageGenerator(library: ModelLibrary(roots: []))
            func draw(_ task: ImageTask, size: PictureSize? = nil) async throws -> [ImageBuffer] {
                try await generator.pictures(
                    ImageRequest(task, model: folder.path, count: 2, size: size, seed: 1, preset: "draft")
                ).map(\.image)
            }
            for drawn in try await draw(.inpaint(Inpainting(picture, mask: mask, prompt: "a red fox"))) {
                #expect(
                    kept.indices.allSatisfy {
                        kept[$0] == 0 || drawn[$0 % 24, $0 / 24].elementsEqual(picture[$0 % 24, $0 / 24])
                    })
            }
            // One that is led back to its noise leads its sketch back too.
            let small = PictureSize(square: 8)
            let near = try await draw(.variation(Variation(of: picture, strength: 0)), size: small)
            let free = try await draw(.variation(Variation(of: picture, strength: 1)), size: small)
            #expect(near[0] == near[1] && free[0] != free[1] && free[0] != near[0])
        }
    }

    /// Zero channels add nothing, whatever their weights.
    @Test func maskChannelsAreZeroInAPlainDrawing() async throws {
        Library.threads = 1
        let few = StageSettings(steps: 2)
        func draw(_ folder: URL) async throws -> GeneratedPicture {
            try await LocalImageGenerator(library: ModelLibrary(roots: [])).pictures(
                ImageRequest(
                    .textToImage(prompt: "a red fox"), model: folder.path, seed: 1,
                    stages: ["prior": few, "decoder": few, "super_res": few]))[0]
        }
        try await withCopy(of: Goldens.folder("unclip")) { folder in
            let plain = try await draw(folder)
            var config = try ModelFolder(folder).decode(UNet2DConditionConfig.self, component: "decoder")
            config.layout.inChannels += 4
            config.inpaintingChannels = 4
            try JSONEncoder().encode(config).write(to: folder.appending(path: "decoder/config.json"))
            try change(["conv_in.weight"], of: folder.appending(path: "decoder")) { weight in
                Tensor.cat(
                    [weight, .randn([weight.size(0), 4, 3, 3], generator: Generator(seed: 2))], dim: 1)
            }
            #expect(try await draw(folder).image.distance(to: plain.image) <= 1)
        }
    }
}

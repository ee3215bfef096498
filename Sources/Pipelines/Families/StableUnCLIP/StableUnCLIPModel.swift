import Diffusion
import ImageGeneration
import Imaging
import Models
import NN
import Tokenizers
import Torch

/// The components of a Stable unCLIP model, each read when a plan first needs it.
final class StableUnCLIPModel: ComponentModel, TextReader, PictureViewer {
    let components: ComponentLoader

    init(_ components: ComponentLoader) { self.components = components }

    func check(_ plan: GenerationPlan) throws {
        try promptTokenizer.check(fits: try components.value("text_encoder"), component: "tokenizer")
        for stage in plan.stages {
            switch stage.role {
            case .prior: try checkTexts()
            case .decoder: _ = try noiseLevel(of: stage)
            case .sketcher, .upsampler: break
            }
        }
        if plan.needsImageEncoder { _ = try imageProcessor }
    }

    func networks(for plan: GenerationPlan) throws -> [PlannedNetwork] {
        var networks: [PlannedNetwork] = []
        if plan.needsImageEncoder { networks.append(.init("image_encoder") { _ = try self.imageEncoder }) }
        for stage in plan.stages {
            let name = stage.network
            switch stage.role {
            case .prior:
                networks.append(.init(textEncoderName) { _ = try self.textEncoder })
                networks.append(.init(name) { _ = try self.prior(name) })
            case .decoder:
                networks.append(.init("image_normalizer") { _ = try self.normalizer })
                networks.append(.init("text_encoder") { _ = try self.promptEncoder })
                networks.append(.init(name) { _ = try self.decoder(name) })
                networks.append(.init("vae") { _ = try self.autoencoder })
            case .sketcher, .upsampler: break
            }
        }
        return networks
    }

    func notes(on plan: GenerationPlan) throws -> [GenerationNote] {
        try promptTokenizer.notes(on: plan.subjects.map(\.prompt) + [plan.negative])
    }

    func begin(_ plan: GenerationPlan, _ observe: RunObserver) throws -> any StageRun {
        try StableUnCLIPRun(plan, self, observe)
    }

    // MARK: Image embeddings

    var tokenizerName: String { "prior_tokenizer" }
    var textEncoderName: String { "prior_text_encoder" }

    var imageProcessor: CLIPImageProcessor { get throws { try components.value("feature_extractor") } }

    func imageEmbeds(_ pictures: [ImageBuffer], _ observe: RunObserver) throws -> Tensor {
        let pixels = try observe("image/pixel_values", imageProcessor.pixels(of: pictures))
        return try observe("image/image_embeds", imageEncoder(pixels.to(dtype).to(device)).imageEmbeds)
    }

    var normalizer: StableUnCLIPImageNormalizer {
        get throws { try components.network("image_normalizer") { StableUnCLIPImageNormalizer($0, $1) } }
    }

    /// How much of a noised embedding is noise.
    func noiseLevel(of stage: Stage) throws -> NoiseLevel {
        let schedule = try NoiseSchedule(try components.value("image_noising_scheduler"))
        guard (0..<schedule.count).contains(stage.noiseLevel) else {
            throw GenerationError(
                .unusableModel, parameter: GenerationManifest.fileName,
                "the noise_level of the stage \(stage.name) is \(stage.noiseLevel); expected 0 to \(schedule.count - 1)"
            )
        }
        return schedule.level(at: stage.noiseLevel)
    }

    // MARK: Pictures

    /// Of the prompts.
    var promptTokenizer: CLIPTokenizer { get throws { try components.tokenizer("tokenizer") } }

    var promptEncoder: CLIPTextModel {
        get throws { try components.network("text_encoder") { CLIPTextModel($0, $1) } }
    }

    /// (prompts, tokens, width): the U-Net's context.
    func promptStates(_ prompts: [String]) throws -> Tensor {
        let tokenizer = try promptTokenizer
        let ids = prompts.flatMap { tokenizer.encode($0).ids.map(Int64.init) }
        return try promptEncoder(Tensor(ids, shape: [prompts.count, tokenizer.contextLength]).to(device))
    }

    var autoencoder: AutoencoderKL {
        get throws { try components.network("vae") { AutoencoderKL($0, $1) } }
    }
}

import Diffusion
import ImageGeneration
import Imaging
import Models
import NN
import Tokenizers
import Torch

/// The components of an unCLIP model, each read when a plan first needs it and kept.
final class UnCLIPModel: ComponentModel, TextReader, PictureViewer {
    let components: ComponentLoader

    init(_ components: ComponentLoader) { self.components = components }

    func load(for plan: GenerationPlan) throws {
        _ = try textProjection
        try checkTexts()
        for stage in plan.stages {
            for network in [stage.network, stage.lastNetwork] {
                switch stage.role {
                case .prior: _ = try prior(network)
                case .decoder: _ = try decoder(network)
                case .upsampler: _ = try upsampler(network)
                }
            }
        }
        if case .linear(let component) = plan.texts { _ = try linearPrior(component) }
        if plan.needsImageEncoder { _ = (try imageEncoder, try imageProcessor) }
    }

    func notes(on plan: GenerationPlan) throws -> [GenerationNote] { try notesOnTexts(of: plan) }

    func begin(_ plan: GenerationPlan, _ observe: RunObserver) throws -> any StageRun {
        try UnCLIPRun(plan, self, observe)
    }

    var textProjection: UnCLIPTextProjModel {
        get throws { try components.network("text_proj") { UnCLIPTextProjModel($0, $1) } }
    }

    var imageProcessor: CLIPImageProcessor {
        get throws { try components.value("feature_extractor") }
    }

    func upsampler(_ name: String) throws -> UNet2DModel {
        try components.network(name) { try UNet2DModel($0, $1) }
    }

    /// CLIP embeddings (pictures, width), not normalised.
    func imageEmbeds(_ pictures: [ImageBuffer], _ observe: RunObserver) throws -> Tensor {
        let pixels = try observe("image/pixel_values", imageProcessor.pixels(of: pictures))
        let output = try imageEncoder(pixels.to(dtype).to(device))
        _ = try observe("image/last_hidden_state", output.lastHiddenState)
        return try observe("image/image_embeds", output.imageEmbeds)
    }
}

import Diffusion
import ImageGeneration
import Imaging
import Models
import NN
import Tokenizers
import Torch

/// The components of an unCLIP model, each read when a plan first needs it.
final class UnCLIPModel: ComponentModel, TextReader, PictureViewer {
    let components: ComponentLoader

    init(_ components: ComponentLoader) { self.components = components }

    func check(_ plan: GenerationPlan) throws {
        try checkTexts()
        if plan.needsImageEncoder { _ = try imageProcessor }
    }

    func networks(for plan: GenerationPlan) throws -> [PlannedNetwork] {
        var networks = [PlannedNetwork("text_encoder") { _ = try self.textEncoder }]
        if plan.needsImageEncoder { networks.append(.init("image_encoder") { _ = try self.imageEncoder }) }
        if case .linear(let name) = plan.texts { networks.append(.init(name) { _ = try self.linearPrior(name) }) }
        networks.append(.init("text_proj") { _ = try self.textProjection })
        for stage in plan.stages {
            for name in [stage.network, stage.lastNetwork] {
                networks.append(
                    .init(name) {
                        switch stage.role {
                        case .prior: _ = try self.prior(name)
                        case .sketcher: _ = try self.sketcher(name)
                        case .decoder: _ = try self.decoder(name)
                        case .upsampler: _ = try self.upsampler(name)
                        }
                    })
            }
        }
        return networks
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

    func sketcher(_ name: String) throws -> Sketcher { try components.network(name) { Sketcher($0, $1) } }

    func upsampler(_ name: String) throws -> any Upsampler {
        try components.network(name) { (config: UpsamplerConfig, parameters) in try config.network(parameters) }
    }

    /// CLIP embeddings (pictures, width), not normalised.
    func imageEmbeds(_ pictures: [ImageBuffer], _ observe: RunObserver) throws -> Tensor {
        let pixels = try observe("image/pixel_values", imageProcessor.pixels(of: pictures))
        let output = try imageEncoder(pixels.to(dtype).to(device))
        _ = try observe("image/last_hidden_state", output.lastHiddenState)
        return try observe("image/image_embeds", output.imageEmbeds)
    }
}

import Diffusion
import ImageGeneration
import Imaging
import Models
import NN
import Tokenizers
import Torch

/// The components of a Kandinsky 2.2 model, each read when a plan first needs it.
final class Kandinsky22Model: ComponentModel, TextReader, PictureViewer {
    let components: ComponentLoader
    private var zeroEmbedding: Tensor?

    init(_ components: ComponentLoader) { self.components = components }

    func check(_ plan: GenerationPlan) throws {
        if !plan.allTexts.isEmpty { try checkTexts() }
        guard plan.stages.allSatisfy({ [.prior, .decoder].contains($0.role) }) else {
            throw PlanError("Kandinsky 2.2 draws in one stage after the prior")
        }
        if plan.needsImageEncoder { _ = try imageProcessor }
    }

    func networks(for plan: GenerationPlan) throws -> [PlannedNetwork] {
        var networks: [PlannedNetwork] = []
        if needsToComputeZeroEmbeds(for: plan) {
            networks.append(.init("image_encoder", isKept: false) { _ = try self.zeroEmbeds(.none) })
        }
        if !plan.allTexts.isEmpty { networks.append(.init("text_encoder") { _ = try self.textEncoder }) }
        if plan.needsImageEncoder { networks.append(.init("image_encoder") { _ = try self.imageEncoder }) }
        for stage in plan.stages {
            let name = stage.network
            switch stage.role {
            case .prior: networks.append(.init(name) { _ = try self.prior(name) })
            case .decoder:
                networks.append(.init(name) { _ = try self.decoder(name) })
                networks.append(.init("movq") { _ = try self.autoencoder })
            case .sketcher, .upsampler: break
            }
        }
        return networks
    }

    func notes(on plan: GenerationPlan) throws -> [GenerationNote] { try notesOnTexts(of: plan) }

    func begin(_ plan: GenerationPlan, _ observe: RunObserver) throws -> any StageRun {
        try Kandinsky22Run(plan, self, observe)
    }

    var imageProcessor: CLIPImageProcessor { get throws { try components.value("image_processor") } }

    var autoencoder: VQModel { get throws { try components.network("movq") { VQModel($0, $1) } } }

    func imageEmbeds(_ pictures: [ImageBuffer], _ observe: RunObserver) throws -> Tensor {
        try encode(imageProcessor.pixels(of: pictures), observe)
    }

    /// What guidance leads away from where there is no negative prompt, (1, width): the embedding of a tensor of
    /// zeros, which is no picture's. It belongs to the model: it is computed once and kept beside it.
    func zeroEmbeds(_ observe: RunObserver) throws -> Tensor {
        if let zeroEmbedding { return zeroEmbedding }
        if let stored = storedZeroEmbedding?.read() {
            zeroEmbedding = stored.to(dtype).to(device)
            return stored.to(dtype).to(device)
        }
        let embeds = try components.briefly { try computedZeroEmbeds(observe) }
        storedZeroEmbedding?.write(embeds)
        zeroEmbedding = embeds
        return embeds
    }

    private func needsToComputeZeroEmbeds(for plan: GenerationPlan) -> Bool {
        let isUsed = !plan.hasNegative && plan.stages.contains { $0.role == .decoder && $0.guidance != nil }
        return isUsed && zeroEmbedding == nil && storedZeroEmbedding?.read() == nil
    }

    /// The zero embedding from the encoder, as a reference computes it in every run.
    func computedZeroEmbeds(_ observe: RunObserver) throws -> Tensor {
        let size = try imageEncoder.config.imageSize
        return try encode(.zeros([1, 3, size, size]), observe)
    }

    private var storedZeroEmbedding: StoredEmbedding? {
        StoredEmbedding(".zero_image_embedding", in: components.folder, encoder: "image_encoder", dtype: dtype)
    }

    private func encode(_ pixels: Tensor, _ observe: RunObserver) throws -> Tensor {
        let pixels = try observe("image_encoder/pixel_values", pixels)
        return try observe("image_encoder/image_embeds", imageEncoder(pixels.to(dtype).to(device)).imageEmbeds)
    }
}

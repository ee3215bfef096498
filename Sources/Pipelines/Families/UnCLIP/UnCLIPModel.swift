import Diffusion
import ImageGeneration
import Imaging
import Models
import NN
import Tokenizers
import Torch

/// The components of an unCLIP model, each read when a plan first needs it and kept.
final class UnCLIPModel: StageModel, TextReader, PictureViewer {
    let device: Device
    let dtype: DType
    private let components: ComponentLoader

    init(_ components: ComponentLoader) {
        self.components = components
        device = components.device
        dtype = components.dtype
    }

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

    /// What a network is told of a step's time: (1) float32.
    func timesteps(_ step: SamplingStep) -> Tensor { Tensor([Float(step.timestep)]).to(device) }

    var tokenizer: CLIPTokenizer { get throws { try components.tokenizer("tokenizer") } }

    var textEncoder: CLIPTextModelWithProjection {
        get throws { try components.network("text_encoder") { CLIPTextModelWithProjection($0, $1) } }
    }

    var textProjection: UnCLIPTextProjModel {
        get throws { try components.network("text_proj") { UnCLIPTextProjModel($0, $1) } }
    }

    var imageEncoder: CLIPVisionModelWithProjection {
        get throws { try components.network("image_encoder") { CLIPVisionModelWithProjection($0, $1) } }
    }

    var imageProcessor: CLIPImageProcessor {
        get throws { try components.value("feature_extractor") }
    }

    func prior(_ name: String) throws -> PriorTransformer {
        try components.network(name) { PriorTransformer($0, $1) }
    }

    func linearPrior(_ name: String) throws -> LinearPrior {
        try components.network(name) { LinearPrior($0, $1) }
    }

    func decoder(_ name: String) throws -> UNet2DConditionModel {
        try components.network(name) { try UNet2DConditionModel($0, $1) }
    }

    func upsampler(_ name: String) throws -> UNet2DModel {
        try components.network(name) { try UNet2DModel($0, $1) }
    }

    /// CLIP embeddings (pictures, width), not normalised.
    func imageEmbeds(_ pictures: [ImageBuffer], _ observe: RunObserver) throws -> Tensor {
        let processor = try imageProcessor
        let rows = try pictures.map { picture in
            let pixels = try processor.pixelValues(picture)
            return Tensor(pixels.values, shape: [1, 3, pixels.height, pixels.width])
        }
        let pixels = try observe("image/pixel_values", Tensor.cat(rows, dim: 0))
        let output = try imageEncoder(pixels.to(dtype).to(device))
        _ = try observe("image/last_hidden_state", output.lastHiddenState)
        return try observe("image/image_embeds", output.imageEmbeds)
    }
}

import Diffusion
import Imaging
import Models
import Tokenizers
import Torch

/// A model of components that are read one by one, each when a plan first needs it.
protocol ComponentModel: StageModel {
    var components: ComponentLoader { get }

    /// The networks that a plan needs, in the order in which they are used; before them those that do not stay.
    func networks(for plan: GenerationPlan) throws -> [PlannedNetwork]

    /// Checks what a plan needs besides networks.
    func check(_ plan: GenerationPlan) throws
}

extension ComponentModel {
    func load(for plan: GenerationPlan) throws {
        try check(plan)
        guard components.residency == .all else { return }
        let missing = try networks(for: plan).filter { !components.holds($0.component) }
        guard !missing.isEmpty else { return }
        for network in missing { try network.read() }
        // What reading them took on the way.
        Library.trimMemory()
    }

    func missingWeights(for plan: GenerationPlan) throws -> MissingWeights? {
        let missing = try networks(for: plan).filter { !components.holds($0.component) }
        guard !missing.isEmpty else { return nil }
        return MissingWeights(
            needs: try MemoryNeeds(of: missing, in: components.folder, dtype: dtype),
            residency: components.residency, isFirst: components.isEmpty)
    }
}

/// A model whose pictures are drawn from CLIP image embeddings.
typealias EmbeddingModel = ComponentModel & PictureViewer & TextReader

extension ComponentModel {
    var device: Device { components.device }
    var dtype: DType { components.dtype }

    /// What a network is told of a step's time: (1) float32.
    func timesteps(_ step: SamplingStep) -> Tensor { Tensor([Float(step.timestep)]).to(device) }

    var imageEncoder: CLIPVisionModelWithProjection {
        get throws { try components.network("image_encoder") { CLIPVisionModelWithProjection($0, $1) } }
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
}

extension ComponentModel where Self: TextReader {
    var tokenizerName: String { "tokenizer" }
    var textEncoderName: String { "text_encoder" }

    var tokenizer: CLIPTokenizer { get throws { try components.tokenizer(tokenizerName) } }

    var textEncoder: CLIPTextModelWithProjection {
        get throws { try components.network(textEncoderName) { CLIPTextModelWithProjection($0, $1) } }
    }

    /// Without the encoder's weights.
    var textEncoderConfiguration: CLIPTextConfig { get throws { try components.value(textEncoderName) } }
}

extension CLIPImageProcessor {
    /// What CLIP is shown of pictures: (pictures, 3, side, side) float32.
    func pixels(of pictures: [ImageBuffer]) throws -> Tensor {
        let rows = try pictures.map { picture in
            let pixels = try pixelValues(picture)
            return Tensor(pixels.values, shape: [1, 3, pixels.height, pixels.width])
        }
        return Tensor.cat(rows, dim: 0)
    }
}

import Diffusion
import Imaging
import Models
import Tokenizers
import Torch

/// A model of components that are read one by one, each when a plan first needs it, and kept.
protocol ComponentModel: StageModel {
    var components: ComponentLoader { get }
}

/// A model whose pictures are drawn from CLIP image embeddings.
typealias EmbeddingModel = ComponentModel & PictureViewer & TextReader

extension ComponentModel {
    var device: Device { components.device }
    var dtype: DType { components.dtype }

    /// What a network is told of a step's time: (1) float32.
    func timesteps(_ step: SamplingStep) -> Tensor { Tensor([Float(step.timestep)]).to(device) }

    var tokenizer: CLIPTokenizer { get throws { try components.tokenizer("tokenizer") } }

    var textEncoder: CLIPTextModelWithProjection {
        get throws { try components.network("text_encoder") { CLIPTextModelWithProjection($0, $1) } }
    }

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

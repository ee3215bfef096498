import Foundation
import Models
import NN
import Torch

/// CLIP's step with pictures and token ids given.
final class CLIPStep: Objective {
    struct Config: Codable, Sendable {
        var batch: Int
        var text: CLIPTextConfig
        var vision: CLIPVisionConfig
    }

    let parameters: [(key: String, tensor: Tensor)]
    private let text: CLIPTextModelWithProjection
    private let vision: CLIPVisionModelWithProjection
    private let logitScale: Tensor
    private let pictures: Tensor
    private let ids: Tensor
    private let own: Tensor
    private let dtype: DType
    private let device: Device

    init(_ config: Config, dtype: DType, device: Device) throws {
        (self.dtype, self.device) = (dtype, device)
        let generator = Generator(seed: 1)
        let stores = (0..<2).map { _ in ParameterStore(device: device, generator: generator) }
        text = CLIPTextModelWithProjection(config.text, stores[0].root)
        vision = CLIPVisionModelWithProjection(config.vision, stores[1].root)
        for store in stores { try store.verify() }
        logitScale = .full([], log(1 / 0.07), device: device)
        parameters =
            stores[0].parameters.map { ("text/" + $0.key, $0.tensor) }
            + stores[1].parameters.map { ("vision/" + $0.key, $0.tensor) } + [("logit_scale", logitScale)]
        let side = config.vision.imageSize
        pictures = Tensor.randn([config.batch, 3, side, side], generator: generator).to(device)
        let length = config.text.maxPositionEmbeddings
        let words = (0..<config.batch * length).map { place in
            Int64(place % length == length - 1 ? config.text.eosTokenID : place % (config.text.vocabSize - 2))
        }
        ids = Tensor(words, shape: [config.batch, length]).to(device)
        own = .arange(config.batch, dtype: .int64, device: device)
    }

    func loss(at place: StepPlace) throws -> (loss: Tensor, figures: [(name: String, value: Tensor)]) {
        let (picture, caption) = Autograd.autocast(dtype, on: device) {
            (vision(pictures).imageEmbeds, text(ids).textEmbeds)
        }
        let images = picture.to(.float32).normalize(dim: -1)
        let captions = caption.to(.float32).normalize(dim: -1)
        let logits = images.matmul(captions.transpose(0, 1)) * logitScale.clamp(max: log(100)).exp()
        return ((logits.crossEntropy(own) + logits.transpose(0, 1).crossEntropy(own)) * 0.5, [])
    }

    func export(to folder: URL, dtype: DType) throws {}
}

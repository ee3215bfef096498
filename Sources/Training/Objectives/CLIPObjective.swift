import Foundation
import Models
import NN
import Tokenizers
import Torch

/// `limn train clip`: what it builds.
public struct CLIPTrainingConfig: TrainingRecipe {
    public var data: DataConfig
    public var training: TrainingConfig
    public var text: CLIPTextConfig
    public var vision: CLIPVisionConfig
    /// The folder of the tokenizer, as `limn train tokenizer` makes it.
    public var tokenizer: String
    /// A folder with the encoders to begin with, as another run leaves it; nil begins anew.
    public var start: String?

    public func objective(pack: PicturePack, device: Device) throws -> any Objective {
        try CLIPObjective(self, pack: pack, device: device)
    }
}

/// CLIP's contrast (Radford et al. 2021, figure 3): each picture should be nearest to its own caption in the batch,
/// and each caption to its own picture, by cosine at a learned temperature.
public final class CLIPObjective: Objective {
    private let config: CLIPTrainingConfig
    private let sampler: PictureSampler
    private let tokenizer: CLIPTokenizer
    private let tokenizerFolder: URL
    private let device: Device
    private let textStore: ParameterStore
    private let visionStore: ParameterStore
    private let text: CLIPTextModelWithProjection
    private let vision: CLIPVisionModelWithProjection
    /// The logarithm of the inverse temperature.
    private let logitScale: Tensor

    public init(_ config: CLIPTrainingConfig, pack: PicturePack, device: Device) throws {
        self.device = device
        tokenizerFolder = URL(filePath: config.tokenizer)
        tokenizer = try CLIPTokenizer(folder: tokenizerFolder)
        // The marks' ids are the tokenizer's, whatever the configuration leaves at CLIP's own.
        var config = config
        config.text.bosTokenID = Int(tokenizer.startID)
        config.text.eosTokenID = Int(tokenizer.endID)
        config.text.padTokenID = Int(tokenizer.padID)
        self.config = config
        sampler = try PictureSampler(pack: pack, config: config.data)
        let generator = Generator(seed: config.training.seed)
        func store(_ component: String) throws -> ParameterStore {
            try Component.store(
                startingFrom: config.start, component, file: "model", device: device, generator: generator)
        }
        textStore = try store("text_encoder")
        visionStore = try store("image_encoder")
        text = CLIPTextModelWithProjection(config.text, textStore.root)
        vision = CLIPVisionModelWithProjection(config.vision, visionStore.root)
        logitScale = Tensor.full([], log(1 / 0.07), device: device)
        try textStore.verify()
        try visionStore.verify()
    }

    public var parameters: [(key: String, tensor: Tensor)] {
        textStore.parameters.map { ("text_encoder/" + $0.key, $0.tensor) }
            + visionStore.parameters.map { ("image_encoder/" + $0.key, $0.tensor) } + [("logit_scale", logitScale)]
    }

    public func loss(at place: StepPlace) throws -> (loss: Tensor, figures: [(name: String, value: Tensor)]) {
        var random = place.random(Purpose.pictures)
        let draws = sampler.draws(count: config.training.batch / config.training.accumulation, &random)
        let pictures = try sampler.pictures(draws, size: config.vision.imageSize).to(device)
        let ids = CLIPText.trimmedIDs(
            draws.map(\.caption), tokenizer, length: config.text.maxPositionEmbeddings
        ).to(device)
        let (picture, caption) = Autograd.autocast(config.training.productType(on: device), on: device) {
            (vision(CLIPPixels.normalised(pictures)).imageEmbeds, text(ids).textEmbeds)
        }
        let images = picture.to(.float32).normalize(dim: -1)
        let captions = caption.to(.float32).normalize(dim: -1)
        let logits = images.matmul(captions.transpose(0, 1)) * logitScale.clamp(max: log(100)).exp()
        let own = Tensor.arange(draws.count, dtype: .int64, device: device)
        let loss = (logits.crossEntropy(own) + logits.transpose(0, 1).crossEntropy(own)) * 0.5
        let right = Autograd.noGrad { logits.argmax(dim: 1).eq(own).to(.float32).mean() }
        return (loss, [("accuracy", right), ("logit_scale", logitScale.detach().exp())])
    }

    public func export(to folder: URL, dtype: DType) throws {
        try ComponentWriter.write(
            textStore, config: config.text, to: folder.appending(path: "text_encoder"), file: "model", dtype: dtype)
        try ComponentWriter.write(
            visionStore, config: config.vision, to: folder.appending(path: "image_encoder"), file: "model", dtype: dtype
        )
        try ComponentWriter.copy(tokenizerFolder, to: folder.appending(path: "tokenizer"))
        try ComponentWriter.write(
            CLIPPixels.Preprocessor(size: config.vision.imageSize),
            to: folder.appending(path: "feature_extractor"), file: "preprocessor_config.json")
    }
}

/// What random numbers are drawn for; part of their stream's name.
enum Purpose {
    static let pictures: UInt64 = 1
    static let noise: UInt64 = 2
    static let conditioning: UInt64 = 3
    static let degradation: UInt64 = 4
    static let regions: UInt64 = 5
    static let redrawing: UInt64 = 6
    static let windows: UInt64 = 7
    static let sketches: UInt64 = 8
}

extension TrainingConfig {
    /// The type of matrix products. `dtype` was checked when the configuration was read.
    func productType(on device: Device) -> DType {
        DType(name: dtype) ?? (device.isFasterInBFloat16 ? .bfloat16 : .float32)
    }
}

/// Captions as CLIP's text encoder takes them.
enum CLIPText {
    /// (count, length) int64, padded.
    static func ids(_ captions: [String], _ tokenizer: CLIPTokenizer, length: Int) -> Tensor {
        let tokens = captions.flatMap { tokenizer.encode($0, contextLength: length).ids.map(Int64.init) }
        return Tensor(tokens, shape: [captions.count, length])
    }

    /// As `ids`, cut behind the longest caption: the encoder is causal, so padding changes nothing before it.
    static func trimmedIDs(_ captions: [String], _ tokenizer: CLIPTokenizer, length: Int) -> Tensor {
        let texts = captions.map { tokenizer.encode($0, contextLength: length) }
        let longest = texts.map { text in text.mask.count { $0 } }.max() ?? length
        let tokens = texts.flatMap { $0.ids.prefix(longest).map(Int64.init) }
        return Tensor(tokens, shape: [captions.count, longest])
    }

    /// (count, length) bool, true at tokens and false at padding.
    static func mask(_ captions: [String], _ tokenizer: CLIPTokenizer, length: Int) -> Tensor {
        Tensor(captions.flatMap { tokenizer.encode($0, contextLength: length).mask }, shape: [captions.count, length])
    }
}

/// Pictures as CLIP's vision encoder takes them.
enum CLIPPixels {
    static let mean: [Float] = [0.48145466, 0.4578275, 0.40821073]
    static let std: [Float] = [0.26862954, 0.26130258, 0.27577711]

    /// From −1…1 to CLIP's standardised values.
    static func normalised(_ pictures: Tensor) -> Tensor {
        let mean = Tensor(mean, shape: [1, 3, 1, 1]).to(pictures.device)
        let std = Tensor(std, shape: [1, 3, 1, 1]).to(pictures.device)
        return (pictures * 0.5 + 0.5 - mean) / std
    }

    /// `preprocessor_config.json`.
    struct Preprocessor: Encodable {
        struct Square: Encodable { let height: Int, width: Int }
        struct Edge: Encodable { let shortest_edge: Int }
        let crop_size: Square
        let do_center_crop = true
        let do_convert_rgb = true
        let do_normalize = true
        let do_rescale = true
        let do_resize = true
        let image_mean = CLIPPixels.mean
        let image_std = CLIPPixels.std
        let image_processor_type = "CLIPImageProcessor"
        let resample = 3
        let rescale_factor = 1.0 / 255
        let size: Edge

        init(size: Int) {
            crop_size = Square(height: size, width: size)
            self.size = Edge(shortest_edge: size)
        }
    }
}

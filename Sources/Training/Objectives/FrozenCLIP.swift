import Checkpoints
import Foundation
import Models
import NN
import Tokenizers
import Torch

/// A trained CLIP that other networks learn from and that judges them. Its own weights are never trained.
public final class FrozenCLIP {
    /// What the text encoder makes of captions.
    public struct Text {
        /// (count, width), not normalised.
        public let embeds: Tensor
        /// (count, tokens, width)
        public let states: Tensor
        /// (count, tokens) bool, true at tokens.
        public let mask: Tensor

        /// Some captions' rows, in any order.
        func rows(_ indices: [Int]) -> Text {
            let places = Tensor(indices.map(Int64.init)).to(embeds.device)
            func chosen(_ tensor: Tensor) -> Tensor { tensor.indexSelect(dim: 0, indices: places) }
            return Text(embeds: chosen(embeds), states: chosen(states), mask: chosen(mask))
        }
    }

    public let textConfig: CLIPTextConfig
    public let visionConfig: CLIPVisionConfig
    private let tokenizer: CLIPTokenizer
    private let text: CLIPTextModelWithProjection
    private let vision: CLIPVisionModelWithProjection
    private let device: Device
    private let dtype: DType

    /// Reads `text_encoder/`, `image_encoder/` and `tokenizer/` of a folder, as a CLIP run leaves them in `model/`.
    /// - Parameter dtype: of the matrix products.
    public init(folder: URL, device: Device, dtype: DType = .float32) throws {
        self.device = device
        self.dtype = dtype
        textConfig = try Component.config(of: folder.appending(path: "text_encoder"))
        visionConfig = try Component.config(of: folder.appending(path: "image_encoder"))
        tokenizer = try CLIPTokenizer(folder: folder.appending(path: "tokenizer"))
        let textStore = try Component.store(of: folder.appending(path: "text_encoder"), file: "model", device: device)
        text = CLIPTextModelWithProjection(textConfig, textStore.root)
        try textStore.verify()
        let visionStore = try Component.store(
            of: folder.appending(path: "image_encoder"), file: "model", device: device)
        vision = CLIPVisionModelWithProjection(visionConfig, visionStore.root)
        try visionStore.verify()
    }

    public func encode(_ captions: [String]) -> Text {
        let length = textConfig.maxPositionEmbeddings
        let ids = CLIPText.ids(captions, tokenizer, length: length).to(device)
        let mask = CLIPText.mask(captions, tokenizer, length: length).to(device)
        return Autograd.noGrad {
            let output = Autograd.autocast(dtype, on: device) { text(ids) }
            return Text(embeds: output.textEmbeds.to(.float32), states: output.lastHiddenState.to(.float32), mask: mask)
        }
    }

    /// Embeddings (count, width), not normalised, of pictures (count, 3, height, width) in −1…1.
    public func encode(pictures: Tensor) -> Tensor {
        Autograd.noGrad {
            let side = visionConfig.imageSize
            let fitted =
                pictures.size(2) == side && pictures.size(3) == side
                ? pictures
                : pictures.interpolate(size: [side, side], mode: .bicubic, antialias: true).clamp(min: -1, max: 1)
            return Autograd.autocast(dtype, on: device) { vision(CLIPPixels.normalised(fitted)).imageEmbeds }
                .to(.float32)
        }
    }

    /// What each layer of the image encoder makes of pictures (count, 3, `image_size`, `image_size`) in −1…1:
    /// (count, 1 + patches, width) each. Gradients go back to the pictures, where they are recorded.
    func layers(of pictures: Tensor) -> [Tensor] {
        var layers: [Tensor] = []
        _ = Autograd.autocast(dtype, on: device) {
            vision(CLIPPixels.normalised(pictures)) { name, states in
                if name.contains(".layers.") { layers.append(states.to(.float32)) }
            }
        }
        return layers
    }
}

/// Reads one component of a folder in the diffusers layout.
enum Component {
    static func config<T: Decodable>(of folder: URL, file name: String = "config.json") throws -> T {
        let file = folder.appending(path: name)
        do { return try JSONDecoder().decode(T.self, from: Data(contentsOf: file)) } catch let error as CocoaError {
            throw TrainingError.unreadable(
                file: "\(folder.lastPathComponent)/\(name)", reason: error.localizedDescription)
        }
    }

    /// A store for a network that is trained: initialised, or from a folder's component.
    /// - Parameters:
    ///   - patchSize: of the network to be made, where it is a U-Net; a stored one that folds less is enlarged
    ///   - channels: that the U-Net takes in, folded; a stored one that takes fewer is blind to the others at first
    ///   - sketcher: the network to be made, where it is one; a stored one of smaller sketches is enlarged, and one of
    ///     fewer inner units given more
    static func store(
        startingFrom folder: String?, _ component: String, file: String = "diffusion_pytorch_model",
        patchSize: Int? = nil, channels: Int? = nil, sketcher: SketcherConfig? = nil, device: Device,
        generator: Generator, channelsLast: Bool = false
    ) throws -> ParameterStore {
        guard let folder else {
            return ParameterStore(device: device, generator: generator, channelsLast: channelsLast)
        }
        let place = URL(filePath: folder).appending(path: component)
        var source: any WeightSource = try weights(of: place, file: file)
        if let patchSize {
            struct Folding: Decodable { let patch_size: Int? }
            let stored = try (config(of: place) as Folding).patch_size ?? 1
            guard patchSize % stored == 0 else {
                throw TrainingError.badConfiguration(
                    key: "patch_size", expected: "a multiple of the start's, \(stored)")
            }
            if patchSize != stored { source = EnlargedWeights(source, .unet, from: stored, to: patchSize) }
        }
        if let channels { source = WidenedWeights(source, channels: channels) }
        if let sketcher {
            let stored: SketcherConfig = try config(of: place)
            guard sketcher.sampleSize % stored.sampleSize == 0 else {
                throw TrainingError.badConfiguration(
                    key: "sample_size", expected: "a multiple of the start's, \(stored.sampleSize)")
            }
            guard sketcher.intermediateSize >= stored.intermediateSize else {
                throw TrainingError.badConfiguration(
                    key: "intermediate_size", expected: "at least the start's, \(stored.intermediateSize)")
            }
            source = EnlargedWeights(source, .sketcher, from: stored.sampleSize, to: sketcher.sampleSize)
            source = RoomierBlocks(
                source, from: stored.intermediateSize, to: sketcher.intermediateSize, generator: generator)
        }
        return ParameterStore(source: source, device: device, channelsLast: channelsLast)
    }

    static func store(
        of folder: URL, file: String = "diffusion_pytorch_model", device: Device, dtype: DType = .float32,
        channelsLast: Bool = false
    ) throws -> ParameterStore {
        let source = try weights(of: folder, file: file)
        return ParameterStore(source: source, dtype: dtype, device: device, channelsLast: channelsLast)
    }

    /// The `linear_prior` of a folder.
    static func linearPrior(of folder: URL, device: Device) throws -> LinearPrior {
        let place = folder.appending(path: "linear_prior")
        let store = try store(of: place, device: device)
        let prior = LinearPrior(try config(of: place), store.root)
        try store.verify()
        return prior
    }

    private static func weights(of folder: URL, file: String) throws -> TensorFile {
        try TensorFile(
            folder.appending(path: file + ".safetensors"), name: "\(folder.lastPathComponent)/\(file).safetensors")
    }
}

import Foundation
import Models
import NN
import Scenes
import Torch

/// Fits a linear prior in closed form: ridge regression of pictures' CLIP embeddings on their captions'.
public enum LinearPriorFit {
    /// How well a prior does on pictures that it was not fitted to.
    public struct Figures: Sendable {
        /// The mean cosine between the predicted and the real embedding.
        public var cosine: Double
        /// The same after the mean of all pictures is taken away, which every prediction shares.
        public var centredCosine: Double
        /// The strength of the ridge, as a share of the captions' mean variance.
        public var ridge: Double
    }

    /// Fits to a pack's training pictures with the ridge that does best on its validation pictures, and writes
    /// `linear_prior` to a folder.
    ///
    /// - Parameter varied: how pictures and captions are varied, to fit to scenes and grounds too; nil: only as they are.
    public static func run(
        clip: FrozenCLIP, pack: PicturePack, varied: DataConfig? = nil, to folder: URL, dtype: DType = .float32,
        progress: (Double) -> Void = { _ in }
    ) throws -> Figures {
        // Varied pictures take about as long as plain ones.
        let plain = varied == nil ? 0.9 : 0.45
        let training = try Embeddings(
            joining: embeddings(clip, pack, split: "train") { progress($0 * plain) }
                + (varied.map { try embeddings(clip, pack, $0) { progress(plain + $0 * plain) } } ?? []))
        let validation = try Embeddings(
            joining: embeddings(clip, pack, split: "val") { progress(0.9 + $0 * 0.1) })
        let mean = training.images.mean(dims: [0], keepDim: true)
        let candidates = try [1e-4, 1e-3, 1e-2, 3e-2, 0.1, 0.3, 1].map { ridge in
            let map = solve(training, ridge: ridge)
            let predicted = withBias(validation.texts).matmul(map)
            let figures = Figures(
                cosine: try cosine(predicted, validation.images),
                centredCosine: try cosine(predicted - mean, validation.images - mean), ridge: ridge)
            return (figures, map)
        }
        let best = candidates.max { $0.0.centredCosine < $1.0.centredCosine }!
        try write(best.1, clip, to: folder, dtype: dtype)
        return best.0
    }

    private struct Embeddings {
        /// (rows, text width) and (rows, image width); float64 keeps the normal equations exact.
        let texts: Tensor
        let images: Tensor

        init(texts: Tensor, images: Tensor) {
            self.texts = texts.to(.float64)
            self.images = images.to(.float64)
        }

        init(joining parts: [Embeddings]) throws {
            self.init(texts: .cat(parts.map(\.texts), dim: 0), images: .cat(parts.map(\.images), dim: 0))
            try images.check()
        }
    }

    /// How many varied pictures are fitted to, and how many are encoded at once.
    private static let variations = 20_000
    private static let batch = 128

    /// Pictures and captions as a run draws them.
    private static func embeddings(
        _ clip: FrozenCLIP, _ pack: PicturePack, _ data: DataConfig, progress: (Double) -> Void
    ) throws -> [Embeddings] {
        let sampler = try PictureSampler(pack: pack, config: data)
        var random = Randomness(seed: 1, Purpose.pictures)
        return try stride(from: 0, to: variations, by: batch).map { start in
            let draws = sampler.draws(count: batch, &random)
            let pictures = try sampler.pictures(draws, size: clip.visionConfig.imageSize)
            progress(min(1, Double(start + batch) / Double(variations)))
            return Embeddings(
                texts: clip.encode(draws.map(\.caption)).embeds, images: clip.encode(pictures: pictures))
        }
    }

    /// Every caption of every picture of a split, once with its style and once without.
    private static func embeddings(
        _ clip: FrozenCLIP, _ pack: PicturePack, split: String, progress: (Double) -> Void
    ) throws -> [Embeddings] {
        var config = DataConfig(pack: "")
        config.split = split
        let sampler = try PictureSampler(pack: pack, config: config)
        let indices = pack.indices(split: split)
        return try stride(from: 0, to: indices.count, by: batch).map { start in
            let chosen = Array(indices[start..<min(indices.count, start + batch)])
            let seen = clip.encode(
                pictures: try sampler.pictures(chosen.map(Draw.plain), size: clip.visionConfig.imageSize))
            var captions: [String] = []
            var owners: [Int64] = []
            for (place, index) in chosen.enumerated() {
                let row = pack.rows[index]
                let said = [Captions.prompt(row)] + row.captions
                captions += said
                owners += said.map { _ in Int64(place) }
            }
            progress(Double(start + chosen.count) / Double(indices.count))
            return Embeddings(
                texts: clip.encode(captions).embeds, images: seen.indexSelect(dim: 0, indices: Tensor(owners)))
        }
    }

    /// (text width + 1, image width): argmin ‖X M − Y‖² + λ ‖M‖², the last row being the bias.
    private static func solve(_ data: Embeddings, ridge: Double) -> Tensor {
        let inputs = withBias(data.texts)
        let gram = inputs.transpose(0, 1).matmul(inputs)
        let width = data.texts.size(1)
        let scale =
            gram.narrow(dim: 0, start: 0, length: width).narrow(dim: 1, start: 0, length: width)
            .mul(.eye(width, dtype: .float64)).sum() / Double(width)
        return (gram + Tensor.eye(width + 1, dtype: .float64) * scale * ridge)
            .solve(inputs.transpose(0, 1).matmul(data.images))
    }

    private static func withBias(_ texts: Tensor) -> Tensor {
        .cat([texts, .ones([texts.size(0), 1], dtype: .float64)], dim: 1)
    }

    private static func cosine(_ a: Tensor, _ b: Tensor) throws -> Double {
        try (a.normalize(dim: 1) * b.normalize(dim: 1)).sum(dims: [1]).mean().item()
    }

    private static func write(_ map: Tensor, _ clip: FrozenCLIP, to folder: URL, dtype: DType) throws {
        let config = LinearPriorConfig(
            textDim: clip.textConfig.projectionDim, imageDim: clip.visionConfig.projectionDim)
        let store = ParameterStore()
        _ = LinearPrior(config, store.root)
        let width = config.textDim
        let solved = [
            "projection.weight": map.narrow(dim: 0, start: 0, length: width).transpose(0, 1),
            "projection.bias": map.select(dim: 0, index: width),
        ]
        for (key, tensor) in store.parameters {
            if let values = solved[key] { tensor.copyInPlace(from: values) }
        }
        try ComponentWriter.write(store, config: config, to: folder.appending(path: "linear_prior"), dtype: dtype)
    }
}

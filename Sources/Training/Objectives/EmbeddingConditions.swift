import Foundation
import Models
import Scenes
import Torch

/// How conditions are weakened, so that guidance has something to compare with.
public struct Conditioning: Codable, Sendable {
    /// How often the picture's embedding gives way to the learned one.
    public var dropImage = 0.1
    /// How often the caption gives way to the empty one.
    public var dropText = 0.4
    /// The largest share of its standard deviation by which noise is added to the embedding, so that the network
    /// forgives the prior its errors.
    public var imageNoise = 0.3
    /// How often a region is known, for a decoder that has the channels for it. nil for never.
    public var inpainting: Double? = nil
    /// How often the embedding is not the picture's own but what the linear prior beside the CLIP predicts from the
    /// caption: what the network is given when it draws. nil for never.
    public var predictedImage: Double? = nil

    enum CodingKeys: String, CodingKey {
        case dropImage = "drop_image"
        case dropText = "drop_text"
        case imageNoise = "image_noise"
        case inpainting
        case predictedImage = "predicted_image"
    }

    public init() {}
}

/// The image embeddings that a network is conditioned on while it learns.
struct EmbeddingConditions {
    let rules: Conditioning
    /// What predicts pictures' embeddings, where the network learns from predictions too.
    private let prior: LinearPrior?
    /// Mean size of a component's deviation, by which noise is measured: (1, width).
    private let scale: Tensor

    /// - Parameters:
    ///   - clip: the folder of the CLIP, with a `linear_prior` beside it where predictions are wanted
    ///   - probe: (pictures, width): embeddings of some pictures
    init(_ rules: Conditioning, clip: String, probe: Tensor) throws {
        self.rules = rules
        prior =
            rules.predictedImage == nil
            ? nil : try Component.linearPrior(of: URL(filePath: clip), device: probe.device)
        scale = probe.std(dims: [0], keepDim: true)
    }

    /// Whether each caption is kept.
    func keepsText(count: Int, _ random: inout Randomness) -> [Bool] {
        (0..<count).map { _ in !random.chance(rules.dropText) }
    }

    /// - Parameters:
    ///   - own: the pictures' embeddings, (count, width)
    ///   - texts: their captions', (count, width)
    ///   - unconditional: what stands for an embedding that is dropped, (width)
    ///   - noise: where noise on embeddings comes from
    func images(
        own: Tensor, texts: Tensor, unconditional: Tensor, noise: Generator, _ random: inout Randomness
    ) -> Tensor {
        let count = own.size(0)
        let kept = (0..<count).map { _ in Float(random.chance(rules.dropImage) ? 0 : 1) }
        let strength = (0..<count).map { _ in Float.random(in: 0...1, using: &random) * Float(rules.imageNoise) }
        let column = { (values: [Float]) in Tensor(values, shape: [count, 1]).to(own.device) }
        let noise = Tensor.randn(own.shape, generator: noise).to(own.device)
        let blurred = embeds(own, texts, &random) + noise * scale * column(strength)
        let keep = column(kept)
        return keep * blurred + (1 - keep) * unconditional
    }

    /// What the prior predicts from captions' embeddings, (count, width); nil where there is none.
    func predicted(_ texts: Tensor) -> Tensor? { Autograd.noGrad { prior.map { $0(texts) } } }

    /// The pictures' own embeddings, or those that the prior predicts from their texts': (count, width).
    private func embeds(_ own: Tensor, _ texts: Tensor, _ random: inout Randomness) -> Tensor {
        guard let prior, let share = rules.predictedImage else { return own }
        let isPredicted = (0..<own.size(0)).map { _ in Float(random.chance(share) ? 1 : 0) }
        let mask = Tensor(isPredicted, shape: [isPredicted.count, 1]).to(own.device)
        return Autograd.noGrad { own + mask * (prior(texts) - own) }
    }
}

import Foundation
import Torch

/// What is done to an upsampler's small pictures, so that it forgives the stage before its errors. Nothing is moved: where
/// an edge lies is still to be told from what it is given, however soft it is, so that it learns to draw it hard.
public struct Degradation: Codable, Sendable, Equatable {
    /// How often a picture is blurred (Gaussian), and by which σ, in its pixels: `blurSigma`, or one drawn between
    /// `leastBlurSigma` and that.
    public var blurProbability = 0.5
    public var blurSigma = 0.6
    public var leastBlurSigma: Double?
    /// The largest standard deviation of noise, of a range of 2.
    public var noise = 0.06
    /// The same of noise four times as coarse: flat parts that the stage before left uneven.
    public var mottle: Double?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case blurProbability = "blur_probability"
        case blurSigma = "blur_sigma"
        case leastBlurSigma = "least_blur_sigma"
        case noise, mottle
    }

    public init() {}

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try ConfigurationKeys.refuseUnknown(in: decoder, known: CodingKeys.allCases)
        func read(_ key: CodingKeys) throws -> Double? { try values.decodeIfPresent(Double.self, forKey: key) }
        func require(_ fits: Bool, _ key: CodingKeys, _ expected: String) throws {
            if !fits { throw TrainingError.badConfiguration(key: key.rawValue, expected: expected) }
        }
        blurProbability = try read(.blurProbability) ?? blurProbability
        blurSigma = try read(.blurSigma) ?? blurSigma
        leastBlurSigma = try read(.leastBlurSigma)
        noise = try read(.noise) ?? noise
        mottle = try read(.mottle)
        try require(0...1 ~= blurProbability, .blurProbability, "a number from 0 to 1")
        try require(blurSigma > 0 && blurSigma <= 16, .blurSigma, "a number above 0, at most 16")
        let least = leastBlurSigma ?? blurSigma
        try require(least > 0 && least <= blurSigma, .leastBlurSigma, "a number above 0, at most blur_sigma")
        try require(noise >= 0 && noise.isFinite, .noise, "a number from 0")
        try require((mottle ?? 0) >= 0 && (mottle ?? 0).isFinite, .mottle, "a number from 0")
    }

    /// - Parameter pictures: (batch, 3, height, width) in −1…1; the answer may lie a little outside.
    func applied(to pictures: Tensor, at place: StepPlace) -> Tensor {
        var random = place.random(Purpose.degradation)
        let generator = place.generator(Purpose.degradation)
        let rows = (0..<pictures.size(0)).map { row -> Tensor in
            let picture = pictures.narrow(dim: 0, start: row, length: 1)
            guard random.chance(blurProbability) else { return picture }
            let least = leastBlurSigma ?? blurSigma
            return Blur.gaussian(
                picture, sigma: least == blurSigma ? blurSigma : .random(in: least...blurSigma, using: &random))
        }
        func strengths(upTo most: Double) -> Tensor {
            let strengths = rows.map { _ in Float.random(in: 0...1, using: &random) * Float(most) }
            return Tensor(strengths, shape: [rows.count, 1, 1, 1]).to(pictures.device)
        }
        let noise = Tensor.randn(pictures.shape, generator: generator).to(pictures.device)
        let uneven = Tensor.cat(rows, dim: 0) + noise * strengths(upTo: self.noise)
        guard let mottle else { return uneven }
        let (height, width) = (pictures.size(2), pictures.size(3))
        let coarse = Tensor.randn(
            [rows.count, pictures.size(1), (height + 3) / 4, (width + 3) / 4], generator: generator)
        return uneven
            + coarse.to(pictures.device).interpolate(size: [height, width], mode: .bicubic) * strengths(upTo: mottle)
    }
}

/// Gaussian blur.
enum Blur {
    /// - Parameter sigma: in pixels; the kernel ends at twice that, and has three pixels at least.
    static func gaussian(_ pictures: Tensor, sigma: Double) -> Tensor {
        let reach = max(1, Int((2 * sigma).rounded()))
        let weights = (-reach...reach).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let line = weights.map { Float($0 / weights.reduce(0, +)) }
        let kernel = line.flatMap { a in line.map { a * $0 } }
        let weight = Tensor(kernel + kernel + kernel, shape: [3, 1, line.count, line.count]).to(pictures.device)
        return pictures.replicationPad2d([reach, reach, reach, reach]).conv2d(weight, nil, groups: 3)
    }
}

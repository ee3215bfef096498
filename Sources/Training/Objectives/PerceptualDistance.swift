import Scenes
import Torch

/// How a decoder learns from what CLIP sees in its pictures, beside their pixels.
public struct PerceptualConfig: Codable, Sendable {
    /// The share of the distance in the loss.
    public var weight = 0.1
    /// Into how many parts a batch is divided, each of which is seen through a window of its own.
    public var windows = 4
    /// The width of the smallest window, of the pictures' width.
    public var leastWindow = 0.4

    enum CodingKeys: String, CodingKey {
        case weight, windows
        case leastWindow = "least_window"
    }

    public init() {}
}

/// How unlike pictures are to a CLIP: the squared difference of its image encoder's layers, as in LPIPS (Zhang et
/// al. 2018), with a transformer's tokens for a convolutional network's places.
///
/// The mean of all that a thing could look like has small errors in its pixels and looks like nothing; here it is far
/// from each of them. Pictures are seen through square windows by chance, so that small things are seen large, and
/// nothing can be learnt of where the encoder's patches begin.
struct PerceptualDistance {
    private let clip: FrozenCLIP
    private let config: PerceptualConfig

    /// - Throws: `TrainingError.badConfiguration`.
    init(_ config: PerceptualConfig, clip: FrozenCLIP) throws {
        func require(_ fits: Bool, _ key: String, _ expected: String) throws {
            if !fits { throw TrainingError.badConfiguration(key: "perceptual.\(key)", expected: expected) }
        }
        try require(config.weight > 0 && config.weight.isFinite, "weight", "a number above 0")
        try require(config.windows > 0, "windows", "a number above 0")
        try require(config.leastWindow > 0 && config.leastWindow <= 1, "least_window", "a share above 0, at most 1")
        self.config = config
        self.clip = clip
    }

    /// - Parameter pictures: (count, 3, side, side) in −1…1, as `real`.
    /// - Returns: (count)
    func callAsFunction(_ pictures: Tensor, _ real: Tensor, at place: StepPlace) -> Tensor {
        var random = place.random(Purpose.windows)
        let windows = windows(count: pictures.size(0), side: pictures.size(2), &random)
        let seen = clip.layers(of: Tensor.cat(windows.map { view(pictures, $0) }, dim: 0))
        let expected = Autograd.noGrad { clip.layers(of: Tensor.cat(windows.map { view(real, $0) }, dim: 0)) }
        let distances = zip(seen, expected).map { (normalised($0) - normalised($1)).square().mean(dims: [1, 2]) }
        return distances.dropFirst().reduce(distances[0], +) * (1 / Double(distances.count))
    }

    /// A square of some pictures of a batch that follow each other.
    private struct Window {
        let first: Int
        let count: Int
        let x: Int
        let y: Int
        let side: Int
    }

    private func windows(count: Int, side: Int, _ random: inout Randomness) -> [Window] {
        let parts = min(config.windows, count)
        let least = min(side, max(1, Int(config.leastWindow * Double(side))))
        return (0..<parts).map { part in
            let first = part * count / parts
            let width = Int.random(in: least...side, using: &random)
            let room = 0...(side - width)
            return Window(
                first: first, count: (part + 1) * count / parts - first, x: Int.random(in: room, using: &random),
                y: Int.random(in: room, using: &random), side: width)
        }
    }

    /// What is in the window, as large as CLIP sees pictures.
    private func view(_ pictures: Tensor, _ window: Window) -> Tensor {
        let side = clip.visionConfig.imageSize
        let square = pictures.narrow(dim: 0, start: window.first, length: window.count)
            .narrow(dim: 2, start: window.y, length: window.side).narrow(dim: 3, start: window.x, length: window.side)
        return square.interpolate(size: [side, side], mode: .bilinear)
    }

    /// Each token's state with mean 0 and variance 1: a few components are far larger than all others.
    private func normalised(_ states: Tensor) -> Tensor {
        states.layerNorm(shape: [states.size(2)], nil, nil)
    }
}

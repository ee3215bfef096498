import Diffusion
import Scenes
import Torch

/// Makes of real small pictures what the stage before would make, so that a network learns to mend that stage's faults and
/// not only to enlarge.
protocol Redrawing {
    /// - Parameter pictures: (batch, 3, height, width) in −1…1, as is what is returned.
    /// - Parameter captions: of each picture.
    func redraw(_ pictures: Tensor, _ captions: [String], _ random: inout Randomness) throws -> Tensor
}

/// The part of a configuration that says how small pictures are redrawn.
protocol RedrawingConfig {
    /// How often a batch is redrawn.
    var probability: Double { get }
    func redrawing(device: Device, dtype: DType) throws -> any Redrawing
}

extension Randomness {
    /// The noise of as many pictures.
    mutating func noise(count: Int) -> SeededNoise { SeededNoise(seeds: (0..<count).map { _ in next() >> 1 }) }
}

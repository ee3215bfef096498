import Foundation
import Scenes
import Torch

/// Where a run is: enough to make every random choice of a step again.
public struct StepPlace: Sendable {
    public var seed: UInt64
    public var step: Int
    /// Which part of the batch, where gradients are accumulated over several.
    public var part: Int

    /// The stream of random numbers for one purpose at this place.
    public func random(_ purpose: UInt64) -> Randomness {
        Randomness(seed: seed, purpose, UInt64(step), UInt64(part))
    }

    /// The generator of noise at this place.
    public func generator(_ purpose: UInt64) -> Generator {
        var random = random(purpose)
        return Generator(seed: random.next() >> 1)
    }
}

/// What a run teaches: a network, and a loss on a batch of pictures.
///
/// An objective lives on the run's worker, as its tensors do.
public protocol Objective {
    /// Everything that is trained, by unique keys: what is saved for resumption, averaged and exported.
    var parameters: [(key: String, tensor: Tensor)] { get }

    /// The loss of one part of a batch, a scalar, with figures worth logging.
    func loss(at place: StepPlace) throws -> (loss: Tensor, figures: [(name: String, value: Tensor)])

    /// A picture of what the network does now, with the averaged weights in place; nil where there is none to show.
    func sample(seed: UInt64) throws -> RGBPicture?

    /// Writes the components in the diffusers layout, weights as they are now, in the given type.
    func export(to folder: URL, dtype: DType) throws
}

extension Objective {
    public func sample(seed: UInt64) throws -> RGBPicture? { nil }
}

/// The configuration of a run: what it learns, from which pictures, and how.
public protocol TrainingRecipe: Codable, Sendable {
    var data: DataConfig { get }
    var training: TrainingConfig { get }
    /// Builds the networks on a device.
    func objective(pack: PicturePack, device: Device) throws -> any Objective
}

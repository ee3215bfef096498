import Checkpoints
import ImageGeneration
import NN
import Torch

/// A network that a plan needs.
struct PlannedNetwork {
    let component: String
    /// Reads it, where it is not there yet.
    let read: () throws -> Void

    init(_ component: String, _ read: @escaping () throws -> Void) {
        self.component = component
        self.read = read
    }
}

/// What the weights of a plan's networks take in memory, in bytes. What is computed with them comes on top.
public struct MemoryNeeds: Hashable, Codable, Sendable {
    /// All of them.
    public var all: Int
    /// The largest one.
    public var one: Int

    init(all: Int, one: Int) { (self.all, self.one) = (all, one) }

    /// - Parameter components: with weights, which are not read: their files say how many there are.
    /// - Throws: `GenerationError` of kind `.unusableModel`.
    init(of components: [String], in folder: ModelFolder, dtype: DType) throws {
        let sizes = try Set(components).map { component in
            try GenerationError.naming(component) { try folder.weights(component: component).elementCount * dtype.size }
        }
        self.init(all: sizes.reduce(0, +), one: sizes.max() ?? 0)
    }

    public func bytes(_ residency: Residency) -> Int {
        switch residency {
        case .all: all
        case .one: one
        }
    }
}

extension WeightSource {
    /// Of all tensors together.
    var elementCount: Int { keys.reduce(0) { $0 + (shape(of: $1) ?? []).reduce(1, *) } }
}

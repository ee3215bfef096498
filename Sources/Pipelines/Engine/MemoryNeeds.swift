import Checkpoints
import ImageGeneration
import NN
import Torch

/// A network that a plan needs.
struct PlannedNetwork {
    let component: String
    /// Whether it stays; one that does not is used when it is read, before those that stay.
    let isKept: Bool
    /// Reads it, where it is not there yet.
    let read: () throws -> Void

    init(_ component: String, isKept: Bool = true, _ read: @escaping () throws -> Void) {
        self.component = component
        self.isKept = isKept
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

    /// - Parameter networks: whose weights are not read: their files say how many there are.
    /// - Throws: `GenerationError` of kind `.unusableModel`.
    init(of networks: [PlannedNetwork], in folder: ModelFolder, dtype: DType) throws {
        func sizes(_ networks: [PlannedNetwork]) throws -> [Int] {
            try Set(networks.map(\.component)).map { component in
                try GenerationError.naming(component) {
                    try folder.weights(component: component).elementCount * dtype.size
                }
            }
        }
        let kept = try sizes(networks.filter(\.isKept))
        let brief = try sizes(networks.filter { !$0.isKept })
        self.init(all: max(kept.reduce(0, +), brief.max() ?? 0), one: (kept + brief).max() ?? 0)
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

import NN
import Torch

/// The weights of a sketcher for one whose blocks have more inner units.
///
/// The new units see as new layers do, and nothing listens to them at first, so the larger network does exactly what the
/// smaller one did; then it remembers more (Chen et al. 2015, Net2Net).
struct RoomierBlocks: WeightSource {
    private let source: any WeightSource
    private let from: Int
    private let to: Int
    private let generator: Generator

    /// - Parameters:
    ///   - from: `intermediate_size` of the stored sketcher
    ///   - to: that of the sketcher to be made, at least `from`
    init(_ source: any WeightSource, from: Int, to: Int, generator: Generator) {
        self.source = source
        self.from = from
        self.to = to
        self.generator = generator
    }

    /// The dimension of a block's tensor that has an entry for each inner unit.
    private static func unitDimension(_ key: String) -> Int? {
        guard key.hasPrefix("blocks.") else { return nil }
        if key.contains(".linear_1.") { return 0 }
        return key.hasSuffix(".linear_2.weight") ? 1 : nil
    }

    var keys: [String] { source.keys }
    func dtype(of key: String) -> DType? { source.dtype(of: key) }

    func shape(of key: String) -> [Int]? {
        guard var shape = source.shape(of: key) else { return nil }
        if let dimension = Self.unitDimension(key) { shape[dimension] += to - from }
        return shape
    }

    func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        let stored = try source.tensor(key, dtype: dtype, device: device)
        guard let dimension = Self.unitDimension(key) else { return stored }
        var shape = stored.shape
        shape[dimension] = to - from
        let start: Initializer = dimension == 0 ? .fanIn(shape.last ?? 1) : .zeros
        let added = start.tensor(shape, generator: generator).to(dtype).to(device)
        return Tensor.cat([stored, added], dim: dimension)
    }
}

import Torch

/// Where a run's standard normal noise comes from.
public protocol NoiseSource: AnyObject {
    /// The next draw.
    /// - Parameters:
    ///   - label: what the draw is for, such as `decoder_step03`; for messages and recordings.
    ///   - shape: `[B, …]`.
    /// - Returns: float32 on the CPU.
    func next(_ label: String, _ shape: [Int]) throws -> Tensor
}

/// One generator for each picture of a batch, so that a picture is the same alone as in a batch.
///
/// Equal to `torch.randn` of a generator with the picture's seed. A batch of k rows for each picture (candidates of a
/// prior) has the rows of picture 0 first, then those of picture 1, and so on.
public final class SeededNoise: NoiseSource {
    private let generators: [Generator]

    public init(seeds: [UInt64]) {
        generators = seeds.map { Generator(seed: $0) }
    }

    public func next(_ label: String, _ shape: [Int]) throws -> Tensor {
        guard let rows = shape.first, rows > 0, !generators.isEmpty, rows.isMultiple(of: generators.count) else {
            throw DiffusionError.unexpectedBatch(
                what: "noise for “\(label)”", shape: shape,
                expected: "a multiple of \(generators.count) rows, as many for each seed")
        }
        let each = [rows / generators.count] + shape.dropFirst()
        return Tensor.cat(generators.map { Tensor.randn(each, generator: $0) }, dim: 0)
    }
}

/// Several noises for each picture, interpolated on the sphere by its weights, so that pictures between others have noise
/// between theirs. A picture whose weights are all on the first source has exactly the noise of its seed.
public final class SlerpedNoise: NoiseSource {
    private let sources: [SeededNoise]
    private let weights: [[Double]]

    /// - Parameter weights: for each picture one for each source, none negative, not all zero.
    public init(seeds: [UInt64], weights: [[Double]]) {
        let count = weights.first?.count ?? 1
        sources = (0..<UInt64(count)).map { source in
            // An odd constant with no pattern keeps the sources' seeds apart from those of the next pictures.
            SeededNoise(seeds: seeds.map { $0 &+ source &* 0x9E37_79B9_7F4A_7C15 })
        }
        self.weights = weights
    }

    public func next(_ label: String, _ shape: [Int]) throws -> Tensor {
        let draws = try sources.map { try $0.next(label, shape) }
        let each = (shape.first ?? 1) / max(1, weights.count)
        return try Spherical.blend(draws, weights: weights.flatMap { Array(repeating: $0, count: each) })
    }
}

/// Draws recorded from another program, fed back in the order in which they were made.
public final class RecordedNoise: NoiseSource {
    private let draws: [Tensor]
    private var used = 0

    /// - Parameter draws: in call order.
    public init(_ draws: [Tensor]) { self.draws = draws }

    public func next(_ label: String, _ shape: [Int]) throws -> Tensor {
        guard used < draws.count else {
            throw DiffusionError.noiseExhausted(label: label, recorded: draws.count)
        }
        let draw = draws[used]
        guard draw.shape == shape else {
            throw DiffusionError.unexpectedBatch(
                what: "recorded noise \(used) for “\(label)”", shape: draw.shape, expected: "\(shape)")
        }
        used += 1
        return draw
    }

    /// How many draws were not used: zero after a faithful replay.
    public var remaining: Int { draws.count - used }
}

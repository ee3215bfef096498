import Models
import Scenes
import Torch

/// A pool of small pictures with CLIP's embeddings of them and of their captions, for networks that learn so fast that
/// drawing and encoding fresh pictures would take most of the time.
///
/// Each step a few of the pool give way to new ones. What the pool holds is a function of the seed and the step, so a
/// resumed run goes on with the same pictures.
final class EmbeddedPictures {
    /// Rows of the pool.
    struct Rows {
        /// (count, width), not normalised.
        let texts: Tensor
        let images: Tensor
        /// (count, 3, size, size) in −1…1.
        let pictures: Tensor
    }

    private let clip: FrozenCLIP
    private let sampler: PictureSampler
    private let seed: UInt64
    private let size: Int
    private let fresh: Int
    private let device: Device
    /// How many parts of `fresh` rows there are, and those that were asked for, with the step that they are of.
    private let count: Int
    private var parts: [Int: (round: Int, rows: Rows)] = [:]

    /// - Parameters:
    ///   - count: how many pictures the pool holds, and how many of them are new in each step, a divisor
    ///   - size: height and width of the pictures, in pixels
    init(
        count: Int, fresh: Int, size: Int, seed: UInt64, clip: FrozenCLIP, sampler: PictureSampler, device: Device
    ) throws {
        guard fresh > 0, count > 0, count % fresh == 0 else {
            throw TrainingError.badConfiguration(key: "pool", expected: "a multiple of its fresh pictures")
        }
        self.clip = clip
        self.sampler = sampler
        self.seed = seed
        self.size = size
        self.fresh = fresh
        self.device = device
        self.count = count / fresh
    }

    /// Rows by chance of what the pool holds at a step. What is not there yet is made, so the first steps take longer.
    func rows(count: Int, step: Int, _ random: inout Randomness) throws -> Rows {
        let chosen = try (0..<count).map { _ in
            (
                part: try part(Int.random(in: 0..<self.count, using: &random), at: step),
                row: Int.random(in: 0..<fresh, using: &random)
            )
        }
        func pick(_ key: (Rows) -> Tensor) -> Tensor {
            Tensor.cat(chosen.map { key($0.part).narrow(dim: 0, start: $0.row, length: 1) }, dim: 0)
        }
        return Rows(texts: pick(\.texts), images: pick(\.images), pictures: pick(\.pictures))
    }

    /// Each step one part gives way to a new one: part p in the steps p, p + count, …
    private func part(_ index: Int, at step: Int) throws -> Rows {
        let round = step - ((step - index) % count + count) % count
        if let made = parts[index], made.round == round { return made.rows }
        let rows = try make(round)
        parts[index] = (round, rows)
        return rows
    }

    /// - Parameter round: the step that makes the part; those that are there from the beginning are below 0.
    private func make(_ round: Int) throws -> Rows {
        var random = Randomness(seed: seed, Purpose.pictures, UInt64(bitPattern: Int64(round)), 0)
        let draws = sampler.draws(count: fresh, &random)
        let seen = try sampler.pictures(draws, size: clip.visionConfig.imageSize).to(device)
        return Rows(
            texts: clip.encode(draws.map(\.caption)).embeds, images: clip.encode(pictures: seen),
            pictures: Sketch.of(seen, size: [size, size]))
    }
}

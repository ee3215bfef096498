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
    /// Of `fresh` rows each.
    private var parts: [Rows] = []
    private let count: Int
    private var step: Int?

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

    /// Rows by chance of what the pool holds at a step. The first call fills it, which takes its time.
    func rows(count: Int, step: Int, _ random: inout Randomness) throws -> Rows {
        try bring(to: step)
        let chosen = (0..<count).map { _ in
            (
                part: Int.random(in: 0..<self.count, using: &random),
                row: Int64.random(in: 0..<Int64(fresh), using: &random)
            )
        }
        func pick(_ key: (Rows) -> Tensor) -> Tensor {
            Tensor.cat(
                chosen.map { key(parts[$0.part]).narrow(dim: 0, start: Int($0.row), length: 1) }, dim: 0)
        }
        return Rows(texts: pick(\.texts), images: pick(\.images), pictures: pick(\.pictures))
    }

    /// What the pool holds at a step: the part `step % count` was made in it, those before it since, the others in the
    /// round before.
    private func bring(to step: Int) throws {
        if self.step == step { return }
        if let last = self.step, step == last + 1 {
            parts[step % count] = try make(step)
        } else {
            let first = step - count + 1
            parts = try (0..<count).map { part in
                try make(first + ((part - first) % count + count) % count)
            }
        }
        self.step = step
    }

    /// - Parameter round: the step that makes the part; those of the first filling are below 0.
    private func make(_ round: Int) throws -> Rows {
        var random = Randomness(seed: seed, Purpose.pictures, UInt64(bitPattern: Int64(round)), 0)
        let draws = sampler.draws(count: fresh, &random)
        let seen = try sampler.pictures(draws, size: clip.visionConfig.imageSize).to(device)
        return Rows(
            texts: clip.encode(draws.map(\.caption)).embeds, images: clip.encode(pictures: seen),
            pictures: seen.madeSmall(size))
    }
}

extension Tensor {
    /// Pictures (count, channels, height, width) averaged to a size that divides theirs.
    func madeSmall(_ size: Int) -> Tensor {
        let factor = self.size(2) / size
        return factor == 1 ? self : avgPool2d(kernel: factor, stride: factor)
    }
}

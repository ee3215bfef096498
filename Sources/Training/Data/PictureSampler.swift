import Scenes
import Torch

/// Draws the pictures of a batch. The batch is a function of the seed and the step alone.
public final class PictureSampler {
    public let pack: PicturePack
    private let config: DataConfig
    private let indices: [Int]
    /// Sums of the weights of `indices` up to and including each.
    private let cumulative: [Double]
    private let scenes: SceneComposer?

    public init(pack: PicturePack, config: DataConfig) throws {
        self.pack = pack
        self.config = config
        let indices = pack.indices(split: config.split)
        self.indices = indices
        guard !indices.isEmpty else { throw PackError.empty("in the split '\(config.split)'") }
        var total = 0.0
        cumulative = indices.map { index in
            let group = pack.rows[index].group
            total += config.weights.first { group.hasPrefix($0.key) }?.value ?? 1
            return total
        }
        guard total > 0 else { throw PackError.empty("of a weight above 0") }
        scenes = try config.scenes.map { try SceneComposer(pack: pack, indices: indices, config: $0) }
    }

    /// The draws of one batch, no picture twice while the split is large enough.
    func draws(count: Int, _ random: inout Randomness) -> [Draw] {
        var taken: Set<Int> = []
        var draws: [Draw] = []
        while draws.count < count {
            if let scenes, random.chance(config.scenes?.probability ?? 0) {
                let cast = scenes.cast(&random)
                repeat {
                    draws.append(draw(scenes.scene(of: cast, &random), &random))
                } while draws.count < count && random.chance(config.scenes?.again ?? 0)
            } else {
                var index = drawIndex(&random)
                for _ in 0..<8 where taken.contains(index) { index = drawIndex(&random) }
                taken.insert(index)
                draws.append(draw(index, &random))
            }
        }
        return draws
    }

    private func drawIndex(_ random: inout Randomness) -> Int {
        let goal = Double.random(in: 0..<(cumulative.last ?? 1), using: &random)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > goal { high = middle } else { low = middle + 1 }
        }
        return indices[low]
    }

    private func draw(_ index: Int, _ random: inout Randomness) -> Draw {
        let row = pack.rows[index]
        let ground = ground(&random)
        let mirrored = random.chance(config.flipProbability) && Captions.mayMirror(row)
        let reach = -config.shift...config.shift
        // In whole pixels of a picture that is 64 wide.
        let (x, y) = (Int.random(in: reach, using: &random), Int.random(in: reach, using: &random))
        return Draw(
            caption: Captions.phrase(row, ground: ground, config, &random), ground: ground,
            subjects: [
                Subject(index: index, box: Box(x: Double(x) / 64, y: Double(y) / 64, side: 1), isMirrored: mirrored)
            ])
    }

    private func draw(_ scene: Scene, _ random: inout Randomness) -> Draw {
        let ground = ground(&random)
        let manner = Captions.manner(style: scene.style, ground: ground, config, &random)
        return Draw(caption: scene.phrase + manner, ground: ground, subjects: scene.subjects)
    }

    private func ground(_ random: inout Randomness) -> Ground {
        guard random.chance(config.groundProbability) else { return .white }
        return Ground.named.randomElement(using: &random)!.shaded(&random)
    }

    /// The drawn pictures: (count, 3, size, size) float32 in −1…1. A size that the pack lacks is averaged from the
    /// next multiple of it that the pack has.
    func pictures(_ draws: [Draw], size: Int) throws -> Tensor {
        guard let stored = pack.sizes.filter({ $0 % size == 0 }).min() else {
            throw PackError.noSuchSize(size, available: pack.sizes)
        }
        let pictures = try pack.pictures(draws, size: stored)
        return stored == size ? pictures : pictures.avgPool2d(kernel: stored / size, stride: stored / size)
    }

    /// What a run learns from, to be looked at: pictures with what is said of them.
    /// - Throws: `PackError.noSuchSize` where the pack has no multiple of the size.
    public func examples(count: Int, size: Int, seed: UInt64) throws -> [(picture: RGBPicture, caption: String)] {
        var random = Randomness(seed: seed, Purpose.pictures)
        return try draws(count: count, &random).map { draw in
            (try RGBPicture(grid: pictures([draw], size: size), columns: 1), draw.caption)
        }
    }
}

import Torch

/// A picture chosen for a batch, and how it is shown.
struct Draw: Equatable {
    var index: Int
    var caption: String
    var ground: Ground
    var mirrored: Bool
    var shift: (x: Int, y: Int)

    static func == (a: Draw, b: Draw) -> Bool {
        a.index == b.index && a.caption == b.caption && a.ground == b.ground && a.mirrored == b.mirrored
            && a.shift == b.shift
    }
}

/// Draws the pictures of a batch. The batch is a function of the seed and the step alone.
public final class PictureSampler {
    public let pack: PicturePack
    private let config: DataConfig
    private let indices: [Int]
    /// Sums of the weights of `indices` up to and including each.
    private let cumulative: [Double]

    public init(pack: PicturePack, config: DataConfig) throws {
        self.pack = pack
        self.config = config
        indices = pack.indices(split: config.split)
        guard !indices.isEmpty else { throw PackError.empty("in the split '\(config.split)'") }
        var total = 0.0
        cumulative = indices.map { index in
            let group = pack.rows[index].group
            total += config.weights.first { group.hasPrefix($0.key) }?.value ?? 1
            return total
        }
        guard total > 0 else { throw PackError.empty("of a weight above 0") }
    }

    /// The draws of one batch, no picture twice while the split is large enough.
    func draws(count: Int, _ random: inout Randomness) -> [Draw] {
        var taken: Set<Int> = []
        return (0..<count).map { _ in
            var index = drawIndex(&random)
            for _ in 0..<8 where taken.contains(index) { index = drawIndex(&random) }
            taken.insert(index)
            return draw(index, &random)
        }
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
        let coloured = random.chance(config.groundProbability)
        let ground = coloured ? Ground.named.randomElement(using: &random)!.shaded(&random) : .white
        let mirrored = random.chance(config.flipProbability) && Captions.mayMirror(row)
        let shift = config.shift
        return Draw(
            index: index, caption: Captions.phrase(row, ground: ground, config, &random), ground: ground,
            mirrored: mirrored,
            shift: (Int.random(in: -shift...shift, using: &random), Int.random(in: -shift...shift, using: &random)))
    }

    /// The drawn pictures: (count, 3, size, size) float32 in −1…1. A size that the pack lacks is averaged from the
    /// next multiple of it that the pack has.
    func pictures(_ draws: [Draw], size: Int) throws -> Tensor {
        guard let stored = pack.sizes.filter({ $0 % size == 0 }).min() else {
            throw PackError.noSuchSize(size, available: pack.sizes)
        }
        let pictures = try storedPictures(draws, size: stored)
        return stored == size ? pictures : pictures.avgPool2d(kernel: stored / size, stride: stored / size)
    }

    private func storedPictures(_ draws: [Draw], size: Int) throws -> Tensor {
        var values = [Float](repeating: 0, count: draws.count * 3 * size * size)
        try values.withUnsafeMutableBufferPointer { buffer in
            for (place, draw) in draws.enumerated() {
                let pixels = try pack.pixels(draw.index, size: size)
                let target = UnsafeMutableBufferPointer(
                    rebasing: buffer[(place * 3 * size * size)..<((place + 1) * 3 * size * size)])
                pixels.compose(on: draw.ground, mirrored: draw.mirrored, shift: draw.shift, into: target)
            }
        }
        return Tensor(values, shape: [draws.count, 3, size, size])
    }
}

extension PicturePack.Pixels {
    /// Writes the picture over a ground as planes of red, green and blue in −1…1.
    func compose(
        on ground: Ground, mirrored: Bool, shift: (x: Int, y: Int), into planes: UnsafeMutableBufferPointer<Float>
    ) {
        let plane = size * size
        bytes.withUnsafeBufferPointer { source in
            for y in 0..<size {
                for x in 0..<size {
                    let column = (mirrored ? size - 1 - x : x) - shift.x
                    let line = y - shift.y
                    let inside = column >= 0 && column < size && line >= 0 && line < size
                    let at = (line * size + column) * 4
                    let alpha = inside ? Float(source[at + 3]) / 255 : 0
                    for channel in 0..<3 {
                        let own = inside ? Float(source[at + channel]) / 255 : 0
                        planes[channel * plane + y * size + x] = 2 * (own + (1 - alpha) * ground.color[channel]) - 1
                    }
                }
            }
        }
    }
}

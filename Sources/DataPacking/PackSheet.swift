import Imaging
import Scenes
import Training

/// Pictures of a pack beside each other.
public enum PackSheet {
    /// Some pictures of the pack on white, each over its first caption.
    /// - Parameters:
    ///   - split: nil for all splits.
    ///   - seed: chooses the pictures.
    ///   - side: of one picture, at most; the pack's nearest size is taken.
    /// - Throws: `PackError.empty` where the split has no pictures; `.damaged`.
    public static func draw(
        _ pack: PicturePack, split: String? = nil, count: Int = 40, seed: UInt64 = 0, side: Int = 128
    ) throws -> ImageBuffer {
        let indices = split.map(pack.indices(split:)) ?? Array(pack.rows.indices)
        guard !indices.isEmpty else { throw PackError.empty("in the split \(split ?? "")") }
        var random = Randomness(seed: seed)
        let chosen = indices.shuffled(using: &random).prefix(max(1, count)).sorted()
        let size = pack.sizes.filter { $0 >= side }.min() ?? pack.sizes.max() ?? side
        let pictures = try chosen.map { try onWhite(pack.pixels($0, size: size)) }
        return try ContactSheet(maxCellSide: side).draw(pictures, captions: chosen.map { pack.rows[$0].captions[0] })
    }

    /// Pictures and captions as training draws them: cropped, coloured, composed and rephrased.
    /// - Parameter sampler: with a pack that has a size.
    public static func draw(_ sampler: PictureSampler, count: Int = 40, seed: UInt64 = 0) throws -> ImageBuffer {
        let size = sampler.pack.sizes.max() ?? 0
        let examples = try sampler.examples(count: max(1, count), size: size, seed: seed)
        let pictures = try examples.map { example in
            try ImageBuffer(width: size, height: size, channels: 3, samples: example.picture.bytes)
        }
        return try ContactSheet(maxCellSide: 128).draw(pictures, captions: examples.map(\.caption))
    }

    static func onWhite(_ pixels: PicturePack.Pixels) throws -> ImageBuffer {
        let bytes = pixels.bytes
        let samples = (0..<pixels.size * pixels.size).flatMap { pixel in
            let ground = 255 - Int(bytes[pixel * 4 + 3])
            return (0..<3).map { UInt8(clamping: Int(bytes[pixel * 4 + $0]) + ground) }
        }
        return try ImageBuffer(width: pixels.size, height: pixels.size, channels: 3, samples: samples)
    }
}

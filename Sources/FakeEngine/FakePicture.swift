import ImageGeneration
import Imaging

/// What the fake engine draws: a gradient between two colours, in a direction, of the seed and the request's texts; on a
/// picture that was given, only where it may.
struct FakePicture {
    private let request: ImageRequest
    private let place: Int
    private let native: Int
    private let sharpness: Double
    private var noise: SplitMix

    init(_ request: ImageRequest, seed: UInt64, place: Int, native: Int, sharpness: Double = 1) {
        self.request = request
        self.place = place
        self.native = native
        self.sharpness = sharpness
        var state = seed
        for byte in request.task.words.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        noise = SplitMix(state: state &+ UInt64(place / max(1, request.count)))
    }

    /// - Throws: `ImageError` for sizes that no picture has.
    func drawn() throws -> ImageBuffer {
        switch request.task {
        case .textToImage, .variation, .blend, .textDifference:
            let size = request.size ?? PictureSize(square: native)
            return try gradient(width: size.width, height: size.height)
        case .inpaint(let task):
            return try inpainted(task)
        case .outpaint(let task):
            return try outpainted(task)
        }
    }

    private func gradient(width: Int, height: Int) throws -> ImageBuffer {
        var noise = noise
        let colors = (0..<2).map { _ in (0..<3).map { _ in Double(noise.next() % 156) + 60 } }
        let slope = Double(noise.next() % 1000) / 1000
        // One row of the gradient along x, one of its share along y: a pixel is the mean of the two.
        let mixes = { (share: Double) in (0..<3).map { colors[0][$0] + (colors[1][$0] - colors[0][$0]) * share } }
        let columns = (0..<width).map { mixes(Double($0) / Double(max(1, width - 1))).map { $0 * slope } }
        let rows = (0..<height).map { mixes(Double($0) / Double(max(1, height - 1))).map { $0 * (1 - slope) } }
        let grey = (1 - sharpness) * 128
        let samples = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
            var position = 0
            for row in rows {
                for column in columns {
                    for channel in 0..<3 {
                        buffer[position] = UInt8((row[channel] + column[channel]) * sharpness + grey)
                        position += 1
                    }
                }
            }
            count = position
        }
        return try ImageBuffer(width: width, height: height, channels: 3, samples: samples)
    }

    private func inpainted(_ task: Inpainting) throws -> ImageBuffer {
        let size = request.size ?? PictureSize(width: task.picture.width, height: task.picture.height)
        let mask = try (task.mask ?? Mask(alphaOf: task.picture)).conservativelyResized(
            width: size.width, height: size.height)
        let picture = try task.picture.resized(width: size.width, height: size.height)
        let fresh = try gradient(width: size.width, height: size.height)
        var samples = fresh.samples
        for pixel in 0..<mask.width * mask.height {
            let kept = Int(mask.coverage.samples[pixel])
            for channel in 0..<3 {
                let old = Int(picture.color(pixel, channel))
                let new = Int(samples[pixel * 3 + channel])
                samples[pixel * 3 + channel] = UInt8((old * kept + new * (255 - kept)) / 255)
            }
        }
        return try ImageBuffer(width: fresh.width, height: fresh.height, channels: 3, samples: samples)
    }

    private func outpainted(_ task: Outpainting) throws -> ImageBuffer {
        let margins = task.margins
        let width = task.picture.width + margins.left + margins.right
        let fresh = try gradient(width: width, height: task.picture.height + margins.top + margins.bottom)
        var samples = fresh.samples
        for y in 0..<task.picture.height {
            for x in 0..<task.picture.width {
                let target = ((y + margins.top) * width + x + margins.left) * 3
                for channel in 0..<3 {
                    samples[target + channel] = task.picture.color(y * task.picture.width + x, channel)
                }
            }
        }
        return try ImageBuffer(width: fresh.width, height: fresh.height, channels: 3, samples: samples)
    }
}

extension ImageBuffer {
    /// A sample of red, green or blue; grey pictures have one value for all.
    fileprivate func color(_ pixel: Int, _ channel: Int) -> UInt8 {
        samples[pixel * channels + (colorChannels == 3 ? channel : 0)]
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

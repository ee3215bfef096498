import Imaging

/// Reproducible random pictures and masks (a linear congruential generator).
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func roll(_ range: ClosedRange<Int>) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return range.lowerBound + Int(state >> 33) % range.count
    }

    /// Some rectangles are painted (0), some of them in part, on a kept ground.
    mutating func mask(_ width: Int, _ height: Int) throws -> Mask {
        var coverage = try ImageBuffer(width: width, height: height, channels: 1, color: .white)
        for _ in 0..<roll(1...4) {
            let (w, h) = (roll(1...max(1, width / 2)), roll(1...max(1, height / 2)))
            let hole = try ImageBuffer(
                width: w, height: h, channels: 1, color: Color(grey: UInt8([0, 0, 0, roll(1...254)][roll(0...3)])))
            coverage.paste(hole, x: roll(-w / 2...width - 1), y: roll(-h / 2...height - 1))
        }
        return try Mask(coverage: coverage)
    }
}

extension Mask {
    /// The pixels that are wholly kept.
    var kept: [Int] { coverage.samples.indices.filter { coverage.samples[$0] == 255 } }
}

extension ImageBuffer {
    /// The samples of a pixel, as RGBA.
    func pixel(_ index: Int) -> [UInt8] {
        let pixel = Array(samples[index * channels..<(index + 1) * channels])
        return (channels < 3 ? [pixel[0], pixel[0], pixel[0]] : Array(pixel.prefix(3)))
            + [hasAlpha ? pixel[channels - 1] : 255]
    }
}

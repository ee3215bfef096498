import Foundation
import Imaging

/// What is measured on pictures themselves.
enum PictureMeasures {
    /// Peak signal-to-noise ratio of two pictures of one size, in decibels; infinite where they are equal.
    static func psnr(_ a: ImageBuffer, _ b: ImageBuffer) -> Double {
        let squares = zip(a.samples, b.samples).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }
        guard squares > 0 else { return .infinity }
        return 10 * log10(255 * 255 * Double(a.samples.count) / squares)
    }

    /// How much a seam shows: the mean step from column `x` − 1 to column `x`, divided by the mean step between the
    /// neighbouring columns of what was painted, up to `reach` pixels from the seam on its right. 1 is no seam. Nil
    /// where nothing was painted but flat ground.
    static func seam(_ picture: ImageBuffer, at x: Int, reach: Int) -> Double? {
        let steps = (x + 1..<min(picture.width, x + reach)).map { step(picture, to: $0) }
        let inside = steps.reduce(0, +) / Double(max(1, steps.count))
        guard inside > 0.25 else { return nil }
        return step(picture, to: x) / inside
    }

    /// The mean difference of the samples of two neighbouring columns, in grey levels.
    private static func step(_ picture: ImageBuffer, to x: Int) -> Double {
        var sum = 0
        for y in 0..<picture.height {
            for (a, b) in zip(picture[x - 1, y].prefix(3), picture[x, y].prefix(3)) { sum += abs(Int(a) - Int(b)) }
        }
        return Double(sum) / Double(3 * picture.height)
    }
}

import Foundation
import Imaging
import Training

/// What is measured on embeddings.
enum TaskMeasures {
    /// For each picture 1 if its own text is the nearest of all, else 0.
    static func precision(_ pictures: [[Float]], _ texts: [[Float]]) -> [Double] {
        pictures.enumerated().map { index, picture in
            let nearness = texts.map { CLIPJudge.cosine(picture, $0) }
            return nearness.enumerated().allSatisfy { $0 == index || $1 < nearness[index] } ? 1 : 0
        }
    }

    /// Spearman's rank correlation of values with their order, −1…1.
    static func rankCorrelation(_ values: [Double]) -> Double {
        let order = values.indices.sorted { values[$0] < values[$1] }
        let squares = order.enumerated().reduce(0) { $0 + ($1.offset - $1.element) * ($1.offset - $1.element) }
        let count = Double(values.count)
        return 1 - 6 * Double(squares) / (count * (count * count - 1))
    }
}

extension PictureMeasures {
    /// How many pixels differ where the mask keeps them wholly.
    static func changed(_ a: ImageBuffer, _ b: ImageBuffer, where mask: Mask) -> Int {
        (0..<a.height).reduce(0) { sum, y in
            sum + (0..<a.width).count { x in mask.coverage[x, y].first == 255 && a[x, y] != b[x, y] }
        }
    }
}

extension Mask {
    /// Keeps everything but an ellipse in the middle, of this share of the sides.
    static func hole(width: Int, height: Int, share: Double) throws -> Mask {
        var samples = [UInt8](repeating: 255, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                let dx = (2 * Double(x) + 1) / Double(width) - 1
                let dy = (2 * Double(y) + 1) / Double(height) - 1
                if (dx * dx + dy * dy).squareRoot() < share { samples[y * width + x] = 0 }
            }
        }
        return try Mask(coverage: ImageBuffer(width: width, height: height, channels: 1, samples: samples))
    }
}

import Scenes
import Torch

/// A square on which a draw's subjects are painted: planes of red, green and blue.
struct SceneCanvas {
    let size: Int
    /// (3, size, size) in 0…1.
    private var planes: [Float]

    init(size: Int, ground: Ground) {
        self.size = size
        planes = ground.color.flatMap { Array(repeating: $0, count: size * size) }
    }

    /// Paints a picture over what is there, in a box whose edges are rounded to whole pixels.
    mutating func paint(_ pixels: PicturePack.Pixels, in box: Box, isMirrored: Bool = false) {
        let (left, top, side) = box.pixels(of: size)
        let source = pixels.resized(to: side)
        let plane = size * size
        for y in max(0, top)..<max(0, min(size, top + side)) {
            for x in max(0, left)..<max(0, min(size, left + side)) {
                let column = isMirrored ? side - 1 - (x - left) : x - left
                let at = ((y - top) * side + column) * 4
                let uncovered = 1 - source[at + 3]
                for channel in 0..<3 {
                    let target = channel * plane + y * size + x
                    planes[target] = source[at + channel] + uncovered * planes[target]
                }
            }
        }
    }

    /// Writes the planes in −1…1.
    func write(into target: UnsafeMutableBufferPointer<Float>) {
        for (place, value) in planes.enumerated() { target[place] = 2 * value - 1 }
    }
}

extension PicturePack.Pixels {
    /// (side, side, 4) in 0…1, colours multiplied by alpha; each pixel is the mean of the area it covers.
    func resized(to side: Int) -> [Float] {
        let whole = bytes.map { Float($0) / 255 }
        guard side != size else { return whole }
        let spans = (0..<side).map { AreaSpan(pixel: $0, of: side, over: size) }
        var wide = [Float](repeating: 0, count: size * side * 4)
        for y in 0..<size {
            for (x, span) in spans.enumerated() {
                for (place, weight) in span.weights {
                    for channel in 0..<4 {
                        wide[(y * side + x) * 4 + channel] += weight * whole[(y * size + place) * 4 + channel]
                    }
                }
            }
        }
        var result = [Float](repeating: 0, count: side * side * 4)
        let line = side * 4
        for (y, span) in spans.enumerated() {
            for (place, weight) in span.weights {
                for at in 0..<line { result[y * line + at] += weight * wide[place * line + at] }
            }
        }
        return result
    }
}

/// Which pixels of a line of `size` a pixel of a line of `side` covers, and with which shares.
private struct AreaSpan {
    let weights: [(place: Int, weight: Float)]

    init(pixel: Int, of side: Int, over size: Int) {
        let scale = Double(size) / Double(side)
        let (start, end) = (Double(pixel) * scale, Double(pixel + 1) * scale)
        weights = (Int(start)..<min(size, Int(end.rounded(.up)))).map { place in
            (place, Float((min(end, Double(place + 1)) - max(start, Double(place))) / scale))
        }
    }
}

extension PicturePack {
    /// Composed pictures at one of the pack's sizes: (count, 3, size, size) float32 in −1…1.
    func pictures(_ draws: [Draw], size: Int) throws -> Tensor {
        var values = [Float](repeating: 0, count: draws.count * 3 * size * size)
        try values.withUnsafeMutableBufferPointer { buffer in
            for (place, draw) in draws.enumerated() {
                var canvas = SceneCanvas(size: size, ground: draw.ground)
                for subject in draw.subjects {
                    let pixels = try pixels(subject.index, size: size)
                    canvas.paint(
                        subject.hue?.apply(to: pixels) ?? pixels, in: subject.box, isMirrored: subject.isMirrored)
                }
                canvas.write(
                    into: UnsafeMutableBufferPointer(
                        rebasing: buffer[(place * 3 * size * size)..<((place + 1) * 3 * size * size)]))
            }
        }
        return Tensor(values, shape: [draws.count, 3, size, size])
    }
}

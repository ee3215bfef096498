import Scenes
import Torch

/// Sketches, as a sketcher learns to draw them and as a decoder is shown them.
///
/// A picture is sketched part by part: a sketcher sees each kind of thing by itself, at all of its pixels, however small
/// the thing is in the picture. What has one part is sketched as a whole.
public enum Sketch {
    /// What each square of pictures (count, channels, height, width) is on average: (count, channels, size).
    public static func of(_ pictures: Tensor, size: [Int]) -> Tensor { pictures.interpolate(size: size, mode: .area) }

    /// The sketches of pictures' parts, picture by picture, each of the square around the first of its things.
    ///
    /// - Parameters:
    ///   - pictures: (count, channels, side, side)
    ///   - parts: of each picture
    /// - Returns: (all parts, channels, size, size)
    public static func of(_ pictures: Tensor, parts: [[ScenePart]], size: Int) -> Tensor {
        let side = pictures.size(3)
        let squares = parts.enumerated().flatMap { index, parts in
            let picture = pictures.narrow(dim: 0, start: index, length: 1)
            return parts.map {
                of(picture.constantPad(($0.boxes.first ?? .whole).margins(in: side).map(-)), size: [size, size])
            }
        }
        return Tensor.cat(squares, dim: 0)
    }

    /// What a decoder is shown: every part's sketch in all of its places, on the ground that the sketches have.
    ///
    /// - Parameters:
    ///   - sketches: (all parts, channels, height, width) in about −1…1, picture by picture
    ///   - parts: of each picture
    ///   - size: height and width of the decoder's pictures
    /// - Returns: (count, channels, size, size) in −1…1
    public static func composed(_ sketches: Tensor, _ parts: [[ScenePart]], size: Int) -> Tensor {
        let sketches = sketches.clamp(min: -1, max: 1)
        var first = 0
        let pictures = parts.map { parts in
            defer { first += parts.count }
            return picture(sketches.narrow(dim: 0, start: first, length: parts.count), parts, size: size)
        }
        return Tensor.cat(pictures, dim: 0)
    }

    /// - Parameter sketches: (parts, channels, height, width)
    private static func picture(_ sketches: Tensor, _ parts: [ScenePart], size: Int) -> Tensor {
        var picture = ground(of: sketches).expand([1, -1, size, size])
        for (index, part) in parts.enumerated() {
            let sketch = sketches.narrow(dim: 0, start: index, length: 1)
            for box in part.boxes {
                let side = box.pixels(of: size).side
                let margins = box.margins(in: size)
                let cover = Tensor.ones([1, 1, side, side], device: sketches.device).constantPad(margins)
                let thing = sketch.interpolate(size: [side, side], mode: .bilinear).constantPad(margins)
                picture = picture * (1 - cover) + thing
            }
        }
        return picture
    }

    /// The median of the sketches' corners, where few things reach: (1, channels, 1, 1).
    private static func ground(of sketches: Tensor) -> Tensor {
        let (height, width) = (sketches.size(2), sketches.size(3))
        let corners = [0, height - 1].flatMap { y in
            [0, width - 1].map { sketches.select(dim: 3, index: $0).select(dim: 2, index: y) }
        }
        let colors = Tensor.cat(corners, dim: 0)
        let sorted = colors.gather(dim: 0, index: colors.sortIndices(dim: 0))
        return sorted.narrow(dim: 0, start: colors.size(0) / 2, length: 1).reshape([1, -1, 1, 1])
    }
}

extension Box {
    /// What a picture of so many pixels has on the left, the right, above and below of it; negative where it reaches beyond.
    fileprivate func margins(in size: Int) -> [Int] {
        let (left, top, side) = pixels(of: size)
        return [left, size - left - side, top, size - top - side]
    }
}

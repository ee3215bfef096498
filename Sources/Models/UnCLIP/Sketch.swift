import Torch

/// Sketches, as a sketcher learns to draw them and as a decoder is shown them.
public enum Sketch {
    /// What each square of pictures (count, channels, height, width) is on average: (count, channels, size).
    public static func of(_ pictures: Tensor, size: [Int]) -> Tensor { pictures.interpolate(size: size, mode: .area) }

    /// What a decoder is shown: sketches (count, channels, height, width) in about −1…1 at the size of its pictures, in
    /// −1…1.
    public static func shown(_ sketches: Tensor, size: [Int]) -> Tensor {
        sketches.clamp(min: -1, max: 1).interpolate(size: size, mode: .bilinear)
    }
}

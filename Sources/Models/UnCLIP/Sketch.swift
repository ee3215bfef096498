import Torch

/// Sketches, as a sketcher learns to draw them and as a decoder is shown them.
public enum Sketch {
    /// What each square of pictures (count, channels, height, width) is on average: (count, channels, size).
    public static func of(_ pictures: Tensor, size: [Int]) -> Tensor { pictures.interpolate(size: size, mode: .area) }

    /// Channels as large as the pictures that a decoder draws.
    ///
    /// - Parameters:
    ///   - sketches: (count, channels, height, width) in about −1…1
    ///   - size: height and width of the decoder's pictures
    /// - Returns: (count, channels, size)
    public static func enlarged(_ sketches: Tensor, to size: [Int]) -> Tensor {
        sketches.clamp(min: -1, max: 1).interpolate(size: size, mode: .bilinear)
    }
}

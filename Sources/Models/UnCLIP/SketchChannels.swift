import Torch

/// How a decoder is shown a sketch: as channels of its own, as large as the pictures that it draws.
public enum SketchChannels {
    /// - Parameters:
    ///   - sketches: (count, channels, height, width) in about −1…1
    ///   - size: height and width of the decoder's pictures
    /// - Returns: (count, channels, size)
    public static func enlarged(_ sketches: Tensor, to size: [Int]) -> Tensor {
        sketches.clamp(min: -1, max: 1).interpolate(size: size, mode: .bilinear)
    }
}

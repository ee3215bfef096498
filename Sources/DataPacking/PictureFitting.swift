import Imaging

/// How a picture that is not square becomes square.
public enum PictureFit: String, CaseIterable, Sendable {
    /// Pictures with transparent parts are padded, others cropped.
    case automatic
    /// The middle is kept.
    case crop
    /// All is kept, on a transparent ground.
    case pad
}

/// A picture ready to be resized: colours are multiplied by alpha first, so that what is transparent sheds no colour.
struct FittedPicture {
    /// Three channels.
    private let colors: ImageBuffer
    /// One channel; nil if the picture is opaque.
    private let alpha: ImageBuffer?

    init(_ picture: ImageBuffer, fit: PictureFit) throws {
        let isOpaque = picture.alphaPlane?.samples.allSatisfy { $0 == 255 } ?? true
        var picture = picture
        if fit == .crop || fit == .automatic && isOpaque {
            let side = min(picture.width, picture.height)
            picture = try picture.cropped(
                x: (picture.width - side) / 2, y: (picture.height - side) / 2, width: side, height: side)
        }
        alpha = isOpaque ? nil : picture.alphaPlane
        colors = try isOpaque ? picture.converted(channels: 3) : Self.multiplied(picture.converted(channels: 4))
    }

    /// size · size · 4 bytes: RGBA, colours multiplied by alpha. The longer side fills the square.
    func square(_ size: Int) throws -> [UInt8] {
        let longer = max(colors.width, colors.height)
        let width = max(1, (colors.width * size + longer / 2) / longer)
        let height = max(1, (colors.height * size + longer / 2) / longer)
        let colors = try colors.resized(width: width, height: height, filter: .lanczos3)
        let alpha = try alpha?.resized(width: width, height: height, filter: .lanczos3)
        var pixels = [UInt8](repeating: 0, count: size * size * 4)
        let (left, top) = ((size - width) / 2, (size - height) / 2)
        for y in 0..<height {
            for x in 0..<width {
                let source = y * width + x
                let target = ((y + top) * size + x + left) * 4
                let opacity = alpha?.samples[source] ?? 255
                // Lanczos overshoots; a colour is at most its alpha.
                for channel in 0..<3 { pixels[target + channel] = min(opacity, colors.samples[source * 3 + channel]) }
                pixels[target + 3] = opacity
            }
        }
        return pixels
    }

    private static func multiplied(_ picture: ImageBuffer) throws -> ImageBuffer {
        let count = picture.width * picture.height
        let samples = [UInt8](unsafeUninitializedCapacity: count * 3) { target, filled in
            for pixel in 0..<count {
                let alpha = Int(picture.samples[pixel * 4 + 3])
                for channel in 0..<3 {
                    target[pixel * 3 + channel] = UInt8((Int(picture.samples[pixel * 4 + channel]) * alpha + 127) / 255)
                }
            }
            filled = count * 3
        }
        return try ImageBuffer(width: picture.width, height: picture.height, channels: 3, samples: samples)
    }
}

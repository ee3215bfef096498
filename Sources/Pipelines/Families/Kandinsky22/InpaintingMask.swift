import ImageGeneration
import Imaging
import Torch

/// A mask as Kandinsky's inpainting network takes it (diffusers' `KandinskyV22InpaintPipeline`).
struct InpaintingMask {
    /// (1, 1, height, width) of the picture: 1 where it is kept.
    let full: Tensor
    /// The same at the latents' size, each place as its upper left pixel is.
    let nearest: Tensor
    /// With the hole grown by a place upwards, downwards, to the left and right, and along one diagonal.
    let prepared: Tensor

    /// - Parameters:
    ///   - picture: white where the picture is painted anew.
    ///   - latents: (channels, height, width)
    init(_ picture: ImageBuffer, size: PictureSize, latents: [Int]) throws {
        let grey = try picture.converted(channels: 1).resized(
            width: size.width, height: size.height, filter: .lanczos3)
        full = Tensor(
            grey.samples.map { Float(Double($0) / 255 >= 0.5 ? 0 : 1) }, shape: [1, 1, size.height, size.width])
        let (height, width) = (latents[1], latents[2])
        nearest = full.upsampleNearest(size: [height, width])
        prepared = Tensor(
            Self.grown(try nearest.floats(), width: width, height: height), shape: [1, 1, height, width])
    }

    /// 1 where neither the place itself nor one of the neighbours that count is 0.
    static func grown(_ mask: [Float], width: Int, height: Int) -> [Float] {
        let neighbours = [(-1, 0), (0, -1), (-1, -1), (1, 0), (0, 1), (1, 1)]
        var grown = mask
        for y in 0..<height {
            for x in 0..<width where mask[y * width + x] == 0 {
                for (dy, dx) in neighbours where (0..<height).contains(y + dy) && (0..<width).contains(x + dx) {
                    grown[(y + dy) * width + x + dx] = 0
                }
            }
        }
        return grown
    }
}

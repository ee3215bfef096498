import Foundation
import Torch

/// A trained CLIP that looks at a pack's pictures and captions in parts. What it makes lies on the CPU.
public struct CLIPEncoder {
    private let clip: FrozenCLIP
    private let device: Device

    /// - Parameter folder: holds `text_encoder`, `image_encoder` and `tokenizer`.
    public init(folder: URL, device: Device) throws {
        clip = try FrozenCLIP(folder: folder, device: device)
        self.device = device
    }

    /// Width and height of the pictures that it looks at; others are resized.
    var imageSize: Int { clip.visionConfig.imageSize }

    /// Embeddings (count, width), not normalised, of pictures (count, 3, height, width) in −1…1.
    func encode(_ pictures: Tensor) throws -> Tensor {
        try inParts(pictures.size(0)) {
            clip.encode(pictures: pictures.narrow(dim: 0, start: $0, length: $1).to(device))
        }
    }

    /// Embeddings (count, width), not normalised, of a pack's pictures over white.
    func encode(_ pack: PicturePack, _ rows: [Int], each: (_ done: Int) throws -> Void = { _ in }) throws -> Tensor {
        let size = pack.size(atLeast: imageSize)
        return try inParts(rows.count) { start, length in
            try each(start)
            let pictures = try pack.pictures(Array(rows[start..<start + length]), size: size)
            return clip.encode(pictures: pictures.to(device))
        }
    }

    /// Embeddings (count, width), not normalised, of captions.
    func encode(_ captions: [String]) throws -> Tensor {
        try inParts(captions.count) { clip.encode(Array(captions[$0..<$0 + $1])).embeds }
    }

    private func inParts(_ count: Int, _ encode: (_ start: Int, _ length: Int) throws -> Tensor) throws -> Tensor {
        let parts = try stride(from: 0, to: count, by: 128).map { start in
            let embeds = try encode(start, min(128, count - start)).to(.cpu)
            // Read here, so that an error names the part that it belongs to.
            try embeds.check()
            return embeds
        }
        return .cat(parts, dim: 0)
    }
}

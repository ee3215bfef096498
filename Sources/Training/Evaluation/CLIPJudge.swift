import Foundation
import Torch

/// A trained CLIP as plain numbers: unit vectors of pictures and texts, whose products are cosines.
public struct CLIPJudge {
    private let encoder: CLIPEncoder

    /// - Parameter folder: holds `text_encoder`, `image_encoder` and `tokenizer`.
    public init(folder: URL, device: Device) throws { encoder = try CLIPEncoder(folder: folder, device: device) }

    /// One unit vector for each picture; all pictures have one size.
    public func directions(of pictures: [RGBPicture]) throws -> [[Float]] {
        guard let first = pictures.first else { return [] }
        let bytes = Tensor(pictures.flatMap(\.bytes), shape: [pictures.count, first.height, first.width, 3])
        return try rows(encoder.encode(bytes.to(.float32).permute([0, 3, 1, 2]).contiguous() / 127.5 - 1))
    }

    /// One unit vector for each text.
    public func directions(of texts: [String]) throws -> [[Float]] {
        texts.isEmpty ? [] : try rows(encoder.encode(texts))
    }

    private func rows(_ embeddings: Tensor) throws -> [[Float]] {
        let width = embeddings.size(1)
        let values = try embeddings.normalize(dim: 1).floats()
        return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
    }

    public static func cosine(_ a: [Float], _ b: [Float]) -> Double { Double(zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }) }
}

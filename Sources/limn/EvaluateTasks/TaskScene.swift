import Foundation
import ImageGeneration
import Imaging
import Pipelines
import Torch
import Training

/// What the checks of picture tasks work with: validation pictures, a generator, and a CLIP that judges.
struct TaskScene: Sendable {
    struct Example: Sendable {
        var caption: String
        var picture: ImageBuffer
    }

    let model: String
    let generator: LocalImageGenerator
    let judge: Confined<CLIPJudge>
    let worker: TorchWorker
    /// Distinct captions with their pictures at the pack's larger size, over white.
    let examples: [Example]
    let preset: String?
    let seed: UInt64

    func drawn(
        _ task: ImageTask, count: Int = 1, size: PictureSize? = nil, seed: UInt64? = nil
    ) async throws -> [ImageBuffer] {
        let request = ImageRequest(
            task, model: model, count: count, size: size, seed: seed ?? self.seed, preset: preset)
        return try await generator.pictures(request).map(\.image)
    }

    func directions(of pictures: [ImageBuffer]) async throws -> [[Float]] {
        let plain = pictures.map { picture in
            let opaque = picture.flattened(on: .white).converted(channels: 3)
            return RGBPicture(width: opaque.width, height: opaque.height, bytes: opaque.samples)
        }
        return try await worker.run(with: judge) { try $0.directions(of: plain) }
    }

    func directions(of texts: [String]) async throws -> [[Float]] {
        try await worker.run(with: judge) { try $0.directions(of: texts) }
    }
}

extension TaskScene.Example {
    /// Examples of a pack's split, chosen by chance.
    static func choose(_ count: Int, from pack: PicturePack, split: String, seed: UInt64) throws -> [Self] {
        let cases = try EvaluationCases(captions: count, colours: 0, grounds: 0, split: split, seed: seed)
            .choose(from: pack)
        let side = pack.sizes.max() ?? 0
        return try cases.map { item in
            let pixels = try pack.pixels(item.row, size: side)
            return Self(caption: item.prompt, picture: try overWhite(pixels))
        }
    }

    private static func overWhite(_ pixels: PicturePack.Pixels) throws -> ImageBuffer {
        var samples: [UInt8] = []
        samples.reserveCapacity(pixels.size * pixels.size * 3)
        for start in stride(from: 0, to: pixels.bytes.count, by: 4) {
            let ground = 255 - pixels.bytes[start + 3]
            for channel in 0..<3 { samples.append(pixels.bytes[start + channel] &+ ground) }
        }
        return try ImageBuffer(width: pixels.size, height: pixels.size, channels: 3, samples: samples)
    }
}

/// A picture task's check: what it found, and pictures to look at.
struct TaskCheck: Sendable {
    struct Outcome: Sendable {
        var table: MetricTable
        var cells: [(picture: ImageBuffer, caption: String)]
        var columns: Int
    }

    let name: String
    let run: @Sendable (TaskScene) async throws -> Outcome

    static let all = [inversion, inpainting, outpainting, variation, blend, textDifference]
}

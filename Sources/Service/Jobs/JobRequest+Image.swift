import Foundation
import ImageGeneration
import Imaging
import Store

extension JobRequest {
    /// How the result is written.
    /// - Throws: `GenerationError` for a format or a quality that there is not.
    public func encoding() throws(GenerationError) -> ImageEncoding {
        guard let format = ImageFormat(rawValue: format ?? "png") else {
            throw .invalid("format", "there is no such format; use png, jpeg or webp")
        }
        guard let quality else { return ImageEncoding(format) }
        guard (0...100).contains(quality) else {
            throw .invalid("quality", "the quality is \(quality); expected 0 to 100")
        }
        return switch format {
        case .png: .png
        case .jpeg: .jpeg(quality: quality)
        case .webp: .webp(quality: quality)
        }
    }

    /// The engine's request, checked.
    /// - Parameter pictures: the pictures that it names.
    /// - Throws: `GenerationError` for values that no model takes.
    public func imageRequest(_ pictures: [Picture.ID: ImageBuffer]) throws(GenerationError) -> ImageRequest {
        let size = try pictureSize()
        let request = ImageRequest(
            try imageTask(pictures), model: model, count: count, size: size, seed: seed, preset: preset,
            stages: stages ?? [:], candidates: candidates, previews: previews ?? 0)
        try request.validate()
        return request
    }

    private func pictureSize() throws(GenerationError) -> PictureSize? {
        guard let size else { return nil }
        guard let parsed = PictureSize(size) else {
            throw .invalid("size", "that is no size; write 256x256")
        }
        return parsed
    }

    private func imageTask(_ pictures: [Picture.ID: ImageBuffer]) throws(GenerationError) -> ImageTask {
        switch task {
        case .textToImage: .textToImage(prompt: prompt ?? "", negative: negative ?? "")
        case .inpaint: .inpaint(try inpainting(pictures))
        case .outpaint: .outpaint(try outpainting(pictures))
        case .variation:
            .variation(
                Variation(
                    of: try image(picture, "picture", pictures), prompt: prompt ?? "", negative: negative ?? "",
                    strength: strength ?? 1))
        case .blend: .blend(try blend(pictures))
        case .textDifference: .textDifference(try difference(pictures))
        }
    }

    private func inpainting(_ pictures: [Picture.ID: ImageBuffer]) throws(GenerationError) -> Inpainting {
        var task = Inpainting(
            try image(picture, "picture", pictures), prompt: prompt ?? "", negative: negative ?? "")
        if mask != nil {
            do {
                task.mask = try Mask(alphaOf: try image(mask, "mask", pictures))
            } catch let error as GenerationError {
                throw error
            } catch {
                throw .invalid("mask", "mask image missing alpha channel")
            }
        }
        if let method { task.method = method }
        if let feather { task.feather = feather }
        if let context { task.context = context }
        return task
    }

    private func outpainting(_ pictures: [Picture.ID: ImageBuffer]) throws(GenerationError) -> Outpainting {
        var task = Outpainting(
            try image(picture, "picture", pictures), margins: margins ?? Margins(), prompt: prompt ?? "",
            negative: negative ?? "")
        if let method { task.method = method }
        if let overlap { task.overlap = overlap }
        return task
    }

    private func blend(_ pictures: [Picture.ID: ImageBuffer]) throws(GenerationError) -> Blend {
        var all: [Blend.Source] = []
        for source in sources ?? [] {
            if let text = source.text {
                all.append(.text(text))
            } else {
                all.append(.picture(try image(source.picture, "sources", pictures)))
            }
        }
        var blend: Blend
        if let weights {
            blend = Blend(all, weights: [])
            blend.frames = weights
        } else {
            blend = Blend(all, weights: [])
            blend.frames = Self.path(through: all.count, frames: frames ?? 1)
        }
        if let noise { blend.noise = noise }
        return blend
    }

    /// Weights for equal steps from the first of `count` sources through all of them to the last; a single frame is their
    /// mean.
    static func path(through count: Int, frames: Int) -> [[Double]] {
        guard count > 1, (2...Blend.maximumFrames).contains(frames) else {
            return Array(
                repeating: Array(repeating: 1, count: count), count: min(max(frames, 0), Blend.maximumFrames + 1))
        }
        return (0..<frames).map { frame in
            let place = Double(frame) / Double(frames - 1) * Double(count - 1)
            return (0..<count).map { max(0, 1 - abs(place - Double($0))) }
        }
    }

    private func difference(_ pictures: [Picture.ID: ImageBuffer]) throws(GenerationError) -> TextDifference {
        let image = try image(picture, "picture", pictures)
        let (from, to) = (from ?? "", to ?? "")
        if let amounts { return TextDifference(image, from: from, to: to, amounts: amounts) }
        guard let frames else { return TextDifference(image, from: from, to: to, amounts: [amount ?? 0.35]) }
        guard (1...Blend.maximumFrames).contains(frames) else {
            throw .invalid("frames", "there are \(frames) frames; expected 1 to \(Blend.maximumFrames)")
        }
        return TextDifference(image, from: from, to: to, upTo: amount ?? 0.35, frames: frames)
    }

    private func image(
        _ id: Picture.ID?, _ parameter: String, _ pictures: [Picture.ID: ImageBuffer]
    ) throws(GenerationError) -> ImageBuffer {
        guard let id, let image = pictures[id] else {
            throw .invalid(parameter, "'\(parameter)' is a required property")
        }
        return image
    }
}

import Foundation
import Imaging

/// Everything that is needed to draw a picture again: what its file carries.
///
/// Pictures that it was made from are named and described, not contained: by the file's name without its folder, the
/// size, and a digest of the pixels.
public struct Recipe: Hashable, Codable, Sendable {
    /// Of the recipe's layout. A later one is refused, so that nothing is left out in silence.
    public static let currentVersion = 1

    public var version: Int
    /// Limn's version that drew the picture.
    public var limn: String
    /// The model's name, and the digest of its files where that is known.
    public var model: String
    public var modelDigest: String?
    public var task: Task
    /// What the task was made from, in its order; a mask comes behind its picture.
    public var inputs: [Input]
    /// With it and a count of 1 the same device draws the same pixels.
    public var seed: UInt64
    /// As they were asked for; nil where the choice was the model's.
    public var size: PictureSize?
    public var preset: String?
    public var stages: [String: StageSettings]
    public var candidates: Int?
    /// On what it was drawn, such as `cpu` and `float32`.
    public var device: String
    public var dtype: String

    /// A task without its pictures; of a series, one frame.
    public enum Task: Hashable, Codable, Sendable {
        case textToImage(prompt: String, negative: String)
        case inpaint(prompt: String, negative: String, method: KnownRegionMethod, feather: Int, context: Double)
        case outpaint(prompt: String, negative: String, margins: Margins, method: KnownRegionMethod, overlap: Double)
        case variation(prompt: String, negative: String, strength: Double)
        /// `texts` has nil where a picture is.
        case blend(texts: [String?], weights: [Double], noise: Blend.Noise)
        case textDifference(from: String, to: String, amount: Double)
    }

    public struct Input: Hashable, Codable, Sendable {
        public enum Role: String, Codable, Sendable {
            case picture, mask
        }

        public var role: Role
        /// The file's name without its folder; nil where there was no file.
        public var name: String?
        public var width: Int
        public var height: Int
        /// `ImageBuffer.digest` of the decoded picture, or of a mask's coverage.
        public var digest: String

        init(_ role: Role, _ image: ImageBuffer) {
            (self.role, name, width, height, digest) = (role, nil, image.width, image.height, image.digest)
        }

        /// Whether a picture is the one that was meant, or a mask's coverage.
        public func matches(_ image: ImageBuffer) -> Bool {
            (width, height) == (image.width, image.height) && digest == image.digest
        }
    }
}

extension Recipe.Task {
    /// - Parameter frame: of a series, the frame that is meant.
    init(_ task: ImageTask, frame: Int) {
        switch task {
        case .textToImage(let prompt, let negative):
            self = .textToImage(prompt: prompt, negative: negative)
        case .inpaint(let task):
            self = .inpaint(
                prompt: task.prompt, negative: task.negative, method: task.method, feather: task.feather,
                context: task.context)
        case .outpaint(let task):
            self = .outpaint(
                prompt: task.prompt, negative: task.negative, margins: task.margins, method: task.method,
                overlap: task.overlap)
        case .variation(let task):
            self = .variation(prompt: task.prompt, negative: task.negative, strength: task.strength)
        case .blend(let task):
            let texts = task.sources.map { if case .text(let text) = $0 { text } else { String?.none } }
            self = .blend(texts: texts, weights: task.frames[frame], noise: task.noise)
        case .textDifference(let task):
            self = .textDifference(from: task.from, to: task.to, amount: task.amounts[frame])
        }
    }

    /// A text that says what the picture shows; empty where there is none.
    public var prompt: String {
        switch self {
        case .textToImage(let prompt, _), .inpaint(let prompt, _, _, _, _), .outpaint(let prompt, _, _, _, _),
            .variation(let prompt, _, _):
            prompt
        case .blend(let texts, _, _): texts.compactMap(\.self).joined(separator: ", ")
        case .textDifference(_, let to, _): to
        }
    }
}

extension ImageTask {
    /// The pictures that the task is made from, a mask behind its picture.
    var inputs: [Recipe.Input] {
        switch self {
        case .textToImage: []
        case .inpaint(let task):
            [Recipe.Input(.picture, task.picture)] + (task.mask.map { [Recipe.Input(.mask, $0.coverage)] } ?? [])
        case .outpaint(let task): [Recipe.Input(.picture, task.picture)]
        case .variation(let task): [Recipe.Input(.picture, task.picture)]
        case .blend(let task):
            task.sources.compactMap {
                if case .picture(let picture) = $0 { Recipe.Input(.picture, picture) } else { nil }
            }
        case .textDifference(let task): [Recipe.Input(.picture, task.picture)]
        }
    }
}

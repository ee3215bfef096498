import Foundation
import ImageGeneration
import Imaging
import Store

/// A request for pictures as it waits in the store: `ImageRequest`, with the names of stored pictures in place of
/// pictures, and how the result shall be written. Its JSON is flat; what a task does not use is left out.
public struct JobRequest: Hashable, Codable, Sendable {
    /// A picture or a text to blend; one of the two.
    public struct Source: Hashable, Codable, Sendable {
        public var picture: Picture.ID?
        public var text: String?

        public init(picture: Picture.ID) { self.picture = picture }

        public init(text: String) { self.text = text }
    }

    public var task: TaskKind
    public var prompt: String?
    public var negative: String?

    // What the tasks work on.
    /// Inpaint, outpaint, variation, text difference: the picture.
    public var picture: Picture.ID?
    /// Inpaint: a picture whose alpha is the mask; nil for the picture's own alpha.
    public var mask: Picture.ID?
    /// Inpaint: `Inpainting.feather` and `.context`; outpaint: `.overlap`; both: `.method`.
    public var feather: Int?
    public var context: Double?
    public var overlap: Double?
    public var method: KnownRegionMethod?
    public var margins: Margins?
    /// Variation.
    public var strength: Double?
    /// Blend: what to blend, and a row of weights for each frame; or how many frames there are in equal steps from the
    /// first source to the last.
    public var sources: [Source]?
    public var weights: [[Double]]?
    public var noise: Blend.Noise?
    /// Blend and text difference.
    public var frames: Int?
    /// Text difference: the two texts, and how far to go: θ of each frame, or of the last one.
    public var from: String?
    public var to: String?
    public var amounts: [Double]?
    public var amount: Double?

    // As in `ImageRequest`.
    public var model: String?
    public var count: Int
    /// Such as `256x256`.
    public var size: String?
    public var seed: UInt64?
    public var preset: String?
    public var stages: [String: StageSettings]?
    public var candidates: Int?
    public var previews: Int?

    /// The file format, `png` where it is nil, and its quality, 0…100.
    public var format: String?
    public var quality: Int?

    public init(_ task: TaskKind, prompt: String? = nil, count: Int = 1) {
        self.task = task
        self.prompt = prompt
        self.count = count
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case task, prompt, negative, picture, mask, feather, context, overlap, method, margins, strength, sources
        case weights, noise, frames, from, to, amounts, amount, model, count, size, seed, preset, stages, candidates
        case previews, format, quality
    }

    /// The keys of the JSON, for telling unknown ones.
    public static let keys = Set(CodingKeys.allCases.map(\.rawValue))

    /// All pictures that the request names.
    public var inputs: [Picture.ID] {
        [picture, mask].compactMap(\.self) + (sources ?? []).compactMap(\.picture)
    }

    /// All texts of the request, for the content policy and for searching.
    public var texts: [String] {
        ([prompt, from, to, negative] + (sources ?? []).map(\.text)).compactMap(\.self).filter { !$0.isEmpty }
    }

    /// What the history shows and searches.
    public var title: String {
        if let prompt, !prompt.isEmpty { return prompt }
        if let from, let to { return "\(from) → \(to)" }
        return (sources ?? []).compactMap(\.text).joined(separator: " + ")
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    init(json: String) throws {
        self = try JSONDecoder().decode(JobRequest.self, from: Data(json.utf8))
    }
}

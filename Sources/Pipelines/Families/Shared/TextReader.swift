import ImageGeneration
import Imaging
import Models
import Tokenizers
import Torch

/// A model that reads texts with CLIP.
protocol TextReader: AnyObject {
    var device: Device { get }
    var tokenizer: CLIPTokenizer { get throws }
    var tokenizerName: String { get }
    var textEncoderName: String { get }
    var textEncoder: CLIPTextModelWithProjection { get throws }
    var textEncoderConfiguration: CLIPTextConfig { get throws }
}

extension TextReader {
    func checkTexts() throws { try tokenizer.check(fits: try textEncoderConfiguration, component: tokenizerName) }

    /// Says which of a plan's texts are cut.
    func notesOnTexts(of plan: GenerationPlan) throws -> [GenerationNote] {
        try tokenizer.notes(on: plan.allTexts + [plan.negative])
    }

    /// norm(z_to − z_from), (1, width), for each pair of texts that a plan's subjects are moved by.
    func differences(of plan: GenerationPlan) throws -> [SubjectEmbedding.TextPair: Tensor] {
        let pairs = Set(plan.subjects.flatMap(\.embedding.differences))
        return Dictionary(
            uniqueKeysWithValues: try pairs.map { pair in
                let texts = try EncodedTexts([pair.from, pair.to], negative: nil, self, .none)
                let embeds = texts.rows(TextRows(pictures: 1), guided: false).embeds.to(.float32)
                let unit = embeds.normalize(dim: 1)
                let difference = unit.narrow(dim: 0, start: 1, length: 1) - unit.narrow(dim: 0, start: 0, length: 1)
                return (pair, difference.normalize(dim: 1))
            })
    }
}

/// A model that sees pictures with CLIP.
protocol PictureViewer: AnyObject {
    /// CLIP embeddings (pictures, width), not normalised.
    func imageEmbeds(_ pictures: [ImageBuffer], _ observe: RunObserver) throws -> Tensor
}

extension PictureViewer {
    /// CLIP's embeddings of the pictures that subjects name; in a series each picture is seen once.
    func pictureEmbeds(of plan: GenerationPlan, _ observe: RunObserver) throws -> [ImageBuffer: Tensor] {
        var pictures = plan.subjects.flatMap(\.embedding.pictures)
        let isPlain = plan.subjects.allSatisfy { if case .picture = $0.embedding { true } else { false } }
        if !isPlain {
            var seen: Set<ImageBuffer> = []
            pictures = pictures.filter { seen.insert($0).inserted }
        }
        guard !pictures.isEmpty else { return [:] }
        let embeds = try imageEmbeds(pictures, observe)
        return Dictionary(
            pictures.enumerated().map { ($1, embeds.narrow(dim: 0, start: $0, length: 1)) },
            uniquingKeysWith: { a, _ in a })
    }
}

extension CLIPTokenizer {
    /// The tokenizer and the text encoder come from different files, and must be made for each other.
    ///
    /// - Throws: `GenerationError` of kind `.unusableModel`.
    func check(fits config: CLIPTextConfig, component: String) throws(GenerationError) {
        guard vocabularySize <= config.vocabSize, contextLength <= config.maxPositionEmbeddings else {
            throw GenerationError(
                .unusableModel, parameter: component,
                "the \(component) has \(vocabularySize) tokens in texts of \(contextLength), "
                    + "its text encoder reads \(config.vocabSize) in texts of \(config.maxPositionEmbeddings)")
        }
    }

    /// Notes on those of the texts that are too long for it.
    func notes(on texts: [String]) -> [GenerationNote] {
        texts.compactMap { text in
            let tokens = ids(text).count
            return tokens > contextLength ? .promptTruncated(tokens: tokens, kept: contextLength) : nil
        }
    }
}

import ImageGeneration
import Imaging
import Models
import Tokenizers
import Torch

/// A model that reads texts with CLIP.
protocol TextReader: AnyObject {
    var device: Device { get }
    var tokenizer: CLIPTokenizer { get throws }
    var textEncoder: CLIPTextModelWithProjection { get throws }
}

extension TextReader {
    /// The tokenizer and the text encoder come from different files, and must be made for each other.
    func checkTexts() throws {
        let (tokenizer, config) = (try tokenizer, try textEncoder.config)
        guard tokenizer.vocabularySize <= config.vocabSize, tokenizer.contextLength <= config.maxPositionEmbeddings
        else {
            throw GenerationError(
                .unusableModel, parameter: "tokenizer",
                "the tokenizer has \(tokenizer.vocabularySize) tokens in texts of \(tokenizer.contextLength), "
                    + "the text_encoder reads \(config.vocabSize) in texts of \(config.maxPositionEmbeddings)")
        }
    }

    /// Says which of a plan's texts are cut.
    func notesOnTexts(of plan: GenerationPlan) throws -> [GenerationNote] {
        let tokenizer = try tokenizer
        return (plan.allTexts + [plan.negative]).compactMap { text in
            let tokens = tokenizer.ids(text).count
            return tokens > tokenizer.contextLength
                ? .promptTruncated(tokens: tokens, kept: tokenizer.contextLength) : nil
        }
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

import Foundation

/// CLIP's lower-cased byte-level byte-pair encoding (Radford et al. 2021, "Learning Transferable Visual Models From
/// Natural Language Supervision", §2.4), by the rules of transformers' `CLIPTokenizer` or of OpenAI's own.
///
/// The two share vocabularies and differ in how a text is cleaned: transformers composes (NFC), collapses white space
/// and lower-cases; OpenAI's repairs quotes, widths and ligatures and unescapes HTML as well, and knows no special
/// tokens but the start and end marks.
public struct CLIPTokenizer: Sendable {
    public enum Rules: Sendable {
        case transformers
        case openAI
    }

    /// `<|startoftext|>`, the first id of every text.
    public let startID: Int32
    /// `<|endoftext|>`, the last id of every text.
    public let endID: Int32
    /// What fills a short text up: `<|endoftext|>`, or `!` (id 0) in Karlo's and Stable Diffusion 2's tokenizers.
    public let padID: Int32
    /// The number of ids, one more than the largest.
    public let vocabularySize: Int
    /// The length that the folder's configuration asks for; 77 in all of OpenAI's models.
    public let contextLength: Int
    public let rules: Rules

    private let encoder: BytePairEncoder
    private let special: SpecialTokens
    private let marks: [[Unicode.Scalar]]

    /// Reads a tokenizer folder: `vocab.json` and `merges.txt` (or `tokenizer.json`), with `tokenizer_config.json` and
    /// `special_tokens_map.json` where there are any.
    ///
    /// - Throws: `TokenizerError`, naming the file.
    public init(folder: URL, rules: Rules = .transformers) throws {
        let folder = TokenizerFolder(url: folder)
        let vocabulary = try Vocabulary(folder: folder)
        let names = [
            SpecialTokens.Role.bos: Self.startToken, .eos: Self.endToken, .unk: Self.endToken, .pad: Self.endToken,
        ]
        special = try SpecialTokens(folder: folder, vocabulary: vocabulary, defaults: names)
        startID = try special.id(.bos)
        endID = try special.id(.eos)
        padID = try special.id(.pad)
        vocabularySize = Int(vocabulary.ids.values.max() ?? -1) + 1
        contextLength = special.contextLength ?? 77
        encoder = try BytePairEncoder(vocabulary, endOfWord: "</w>", unknown: try special.id(.unk))
        marks = [Self.startToken, Self.endToken].map { Array($0.unicodeScalars) }
        self.rules = rules
    }

    static let startToken = "<|startoftext|>"
    static let endToken = "<|endoftext|>"

    /// The ids of a text, start and end included, neither cut nor padded.
    public func ids(_ text: String) -> [Int32] {
        [startID] + words(text) + [endID]
    }

    /// The ids of a text in exactly `contextLength` places (the configuration's length where none is given): a long
    /// text loses its tail and keeps its end token, a short one is filled up with `padID`.
    public func encode(_ text: String, contextLength: Int? = nil) -> TokenizedText {
        let length = contextLength ?? self.contextLength
        let kept = words(text).prefix(max(length - 2, 0))
        return TokenizedText([startID] + kept + [endID], contextLength: length, pad: padID)
    }

    private func words(_ text: String) -> [Int32] {
        switch rules {
        case .transformers: transformersWords(text)
        case .openAI: openAIWords(text)
        }
    }

    private func transformersWords(_ text: String) -> [Int32] {
        special.ids(of: text, normalize: { Normalization.composedLowercase($0)[...] }, words: encodeWords)
    }

    /// A mark that is still there was written in capitals; the reference then cuts it by GPT-2's expression.
    private func encodeWords(_ text: Scalars, into ids: inout [Int32]) {
        WordSplitter.clip(text, marks: marks) { word in
            if marks.contains(where: word.elementsEqual) {
                WordSplitter.gpt2(word) { encoder.encode($0.utf8Bytes, into: &ids) }
            } else {
                encoder.encode(word.utf8Bytes, into: &ids)
            }
        }
    }

    private func openAIWords(_ text: String) -> [Int32] {
        var ids: [Int32] = []
        WordSplitter.clip(Array(OpenAICleaning.clean(text).unicodeScalars)[...], marks: marks) { word in
            if let mark = marks.firstIndex(where: word.elementsEqual) {
                ids.append(mark == 0 ? startID : endID)
            } else {
                encoder.encode(word.utf8Bytes, into: &ids)
            }
        }
        return ids
    }
}

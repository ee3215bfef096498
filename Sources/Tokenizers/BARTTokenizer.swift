import Foundation

/// BART's byte-level byte-pair encoding as the DALL·E mini family uses it.
///
/// The family's checkpoints were run by two programs that split a text differently; ids of both are to be had.
public struct BARTTokenizer: Sendable {
    public enum Rules: Sendable {
        /// transformers' `BartTokenizer`: GPT-2's words, a space kept with the word that follows it.
        case transformers
        /// min-dalle: emoji spelt out, lower case, ASCII only, cut at single spaces, every word with a leading space.
        case minDalle
    }

    public let startID: Int32
    public let endID: Int32
    public let padID: Int32
    /// The number of ids, one more than the largest.
    public let vocabularySize: Int
    /// The length that the folder's configuration asks for; 64 in DALL·E mini.
    public let contextLength: Int
    public let rules: Rules

    private let encoder: BytePairEncoder
    private let special: SpecialTokens
    private let unknownID: Int32

    /// Reads a tokenizer folder: `vocab.json` and `merges.txt` (or `tokenizer.json`), with `tokenizer_config.json`
    /// where there is one.
    ///
    /// - Throws: `TokenizerError`, naming the file.
    public init(folder: URL, rules: Rules = .minDalle) throws {
        let folder = TokenizerFolder(url: folder)
        let vocabulary = try Vocabulary(folder: folder)
        special = try SpecialTokens(
            folder: folder, vocabulary: vocabulary,
            defaults: [.bos: "<s>", .cls: "<s>", .eos: "</s>", .sep: "</s>", .pad: "<pad>", .unk: "<unk>"])
        startID = try special.id(.cls)
        endID = try special.id(.sep)
        padID = try special.id(.pad)
        unknownID = try special.id(.unk)
        vocabularySize = Int(vocabulary.ids.values.max() ?? -1) + 1
        contextLength = special.contextLength ?? 64
        encoder = try BytePairEncoder(vocabulary, endOfWord: "", unknown: nil)
        self.rules = rules
    }

    /// The ids of a text, start and end included, neither cut nor padded.
    public func ids(_ text: String) -> [Int32] {
        [startID] + words(text) + [endID]
    }

    /// The ids of a text in exactly `contextLength` places. A long text is cut as the rules' program cuts it:
    /// transformers keeps the end token, min-dalle loses it.
    public func encode(_ text: String, contextLength: Int? = nil) -> TokenizedText {
        let length = contextLength ?? self.contextLength
        let words = words(text)
        let kept = rules == .transformers ? words.prefix(max(length - 2, 0)) : words[...]
        return TokenizedText([startID] + kept + [endID], contextLength: length, pad: padID)
    }

    private func words(_ text: String) -> [Int32] {
        switch rules {
        case .transformers: transformersWords(text)
        case .minDalle: minDalleWords(text)
        }
    }

    private func transformersWords(_ text: String) -> [Int32] {
        special.ids(of: text) { text, ids in
            WordSplitter.gpt2(text) { encoder.encode($0.utf8Bytes, into: &ids) }
        }
    }

    /// The word's characters are looked up as they are, not through the byte alphabet, so control characters are
    /// unknown tokens.
    private func minDalleWords(_ text: String) -> [Int32] {
        let space = encoder.byteIDs[0x20] ?? unknownID
        return Self.minDalleText(text).utf8.split(separator: UInt8(ascii: " ")).flatMap { word in
            encoder.merged(
                [space] + word.map { 0x21...0x7E ~= $0 ? encoder.byteIDs[Int($0)] ?? unknownID : unknownID })
        }
    }

    /// The text that min-dalle cuts into words: emoji by name, lower case, ASCII only.
    static func minDalleText(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in EmojiNames.spellOut(Array(text.unicodeScalars)) {
            result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars.filter(\.isASCII))
        }
        return String(result)
    }
}

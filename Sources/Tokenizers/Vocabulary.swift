import Foundation

/// The tokens of a byte-pair vocabulary with their ids, and its merges in order of rank.
struct Vocabulary: Sendable {
    var ids: [String: Int32]
    var merges: [(String, String)]
    /// Where the merges came from, for messages.
    var mergesFile: String
    /// Tokens that `tokenizer.json` lists beside the vocabulary.
    var addedTokens: [AddedTokenDescription] = []

    /// Reads `tokenizer.json` where there is one, as transformers does, else `vocab.json` and `merges.txt`.
    init(folder: TokenizerFolder) throws {
        if let file = try folder.json("tokenizer.json", as: TokenizerFile.self) {
            ids = file.model.vocab
            merges = try file.model.merges.enumerated().map { try $1.pair(line: $0 + 1) }
            mergesFile = "tokenizer.json"
            addedTokens = file.added_tokens ?? []
        } else {
            guard let vocabulary = try folder.json("vocab.json", as: [String: Int32].self),
                let text = try folder.contents("merges.txt")
            else {
                let missing = folder.has("vocab.json") ? "merges.txt" : "vocab.json"
                throw TokenizerError(
                    .missingFile, file: missing,
                    "not found; a tokenizer folder has vocab.json and merges.txt, or tokenizer.json")
            }
            ids = vocabulary
            merges = try Self.parseMerges(text)
            mergesFile = "merges.txt"
        }
        guard !ids.isEmpty, ids.values.allSatisfy({ $0 >= 0 }) else {
            throw TokenizerError(
                .malformedFile, file: "vocab.json", "expected an object of tokens with ids of 0 and above")
        }
    }

    init(ids: [String: Int32], merges: [(String, String)]) {
        self.ids = ids
        self.merges = merges
        mergesFile = "merges.txt"
    }

    /// One merge a line, its two tokens separated by one space; a `#version` line is a comment.
    static func parseMerges(_ text: Data) throws -> [(String, String)] {
        var merges: [(String, String)] = []
        for (number, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if line.isEmpty || line.starts(with: Array("#version".utf8)) { continue }
            guard let text = String(validating: line, as: UTF8.self) else {
                throw TokenizerError(.malformedFile, file: "merges.txt", "line \(number + 1) is not UTF-8")
            }
            merges.append(try MergeEntry.text(text).pair(line: number + 1, file: "merges.txt"))
        }
        return merges
    }
}

/// What Limn reads of the tokenizers library's `tokenizer.json`: the byte-pair model and the added tokens. The rules
/// themselves come from the tokenizer's class, as in transformers.
private struct TokenizerFile: Decodable {
    struct Model: Decodable {
        let vocab: [String: Int32]
        let merges: [MergeEntry]
    }
    let model: Model
    let added_tokens: [AddedTokenDescription]?
}

/// A merge as `"a b"` or as `["a", "b"]`.
private enum MergeEntry: Decodable {
    case text(String)
    case tokens([String])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else {
            self = .tokens(try container.decode([String].self))
        }
    }

    func pair(line: Int, file: String = "tokenizer.json") throws -> (String, String) {
        let tokens =
            switch self {
            case .text(let text): text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            case .tokens(let tokens): tokens
            }
        guard tokens.count == 2, tokens.allSatisfy({ !$0.isEmpty }) else {
            throw TokenizerError(
                .malformedFile, file: file, "merge \(line) should be two tokens separated by one space")
        }
        return (tokens[0], tokens[1])
    }
}

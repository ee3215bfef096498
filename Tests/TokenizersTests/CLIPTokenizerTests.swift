import Foundation
import Testing

@testable import Tokenizers

struct CLIPTokenizerTests {
    /// A vocabulary of all bytes, the same at the end of a word, the merges "c a", "ca t</w>" and the two marks.
    static func folder(
        config: String = "{}", merges: String = "#version: 0.2\nc a\nca t</w>\n", extra: [String: String] = [:]
    ) throws -> URL {
        let bytes = ByteAlphabet.bytesInVocabularyOrder.map { String(ByteAlphabet.characters[Int($0)]) }
        let tokens = bytes + bytes.map { $0 + "</w>" } + ["ca", "cat</w>", "<|startoftext|>", "<|endoftext|>"]
        let ids = Dictionary(uniqueKeysWithValues: tokens.enumerated().map { ($1, $0) })
        let folder = FileManager.default.temporaryDirectory.appending(path: "limn-clip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try JSONEncoder().encode(ids).write(to: folder.appending(path: "vocab.json"))
        let files = ["merges.txt": merges, "tokenizer_config.json": config].merging(extra) { $1 }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        return folder
    }

    static let start: Int32 = 514, end: Int32 = 515, cat: Int32 = 513

    func tokenizer(config: String = "{}", extra: [String: String] = [:]) throws -> CLIPTokenizer {
        let folder = try Self.folder(config: config, extra: extra)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try CLIPTokenizer(folder: folder)
    }

    @Test func padsAndCuts() throws {
        let tokenizer = try tokenizer()
        let short = tokenizer.encode("Cat  CAT", contextLength: 6)
        #expect(short.ids == [Self.start, Self.cat, Self.cat, Self.end, Self.end, Self.end])
        #expect(short.mask == [true, true, true, true, false, false])
        let long = tokenizer.encode("cat cat cat", contextLength: 4)
        #expect(long.ids == [Self.start, Self.cat, Self.cat, Self.end])
        #expect(long.mask == [true, true, true, true])
        #expect(tokenizer.encode("").ids.count == 77)
        #expect(tokenizer.vocabularySize == 516)
        for length in [-1, 0, 1, 2] {
            #expect(tokenizer.encode("cat", contextLength: length).ids.count == max(length, 0))
        }
    }

    @Test func specialTokensMapOverridesConfiguration() throws {
        let tokenizer = try tokenizer(
            config: #"{"pad_token": "<|endoftext|>", "model_max_length": 1e30}"#,
            extra: ["special_tokens_map.json": #"{"pad_token": "!"}"#])
        #expect(tokenizer.padID == 0)
        #expect(tokenizer.contextLength == 77)
        // The padding token is cut out of the text whole, and is not the end of a word.
        #expect(tokenizer.ids("cat!cat") == [Self.start, Self.cat, 0, Self.cat, Self.end])
    }

    @Test func addedTokensDecoderOverridesSpecialTokensMap() throws {
        let tokenizer = try tokenizer(
            config: #"{"pad_token": "<|endoftext|>", "added_tokens_decoder": {"515": {"content": "<|endoftext|>"}}}"#,
            extra: ["special_tokens_map.json": #"{"pad_token": "!"}"#])
        #expect(tokenizer.padID == Self.end)
    }

    @Test func readsTokenizerFile() throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let plain = try CLIPTokenizer(folder: folder)
        let vocabulary = try String(contentsOf: folder.appending(path: "vocab.json"), encoding: .utf8)
        let file = #"{"model": {"type": "BPE", "vocab": \#(vocabulary), "merges": [["c", "a"], "ca t</w>"]}}"#
        try Data(file.utf8).write(to: folder.appending(path: "tokenizer.json"))
        try FileManager.default.removeItem(at: folder.appending(path: "vocab.json"))
        try FileManager.default.removeItem(at: folder.appending(path: "merges.txt"))
        let text = "a cat's hat, 100% cat"
        #expect(try CLIPTokenizer(folder: folder).ids(text) == plain.ids(text))
    }

    @Test(arguments: [
        "", "\0", "\0\0cat\0", "🐱", "👨‍👩‍👧‍👦", "\u{301}\u{301}", "&&&#;&#x;&#99999999999;", "'", "<|endoftext",
        "\u{10FFFF}\u{E000}\u{FFFE}", "\r\n\u{2028}\u{85}",
    ])
    func survivesOddTexts(_ text: String) throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for rules in [CLIPTokenizer.Rules.transformers, .openAI] {
            let tokenizer = try CLIPTokenizer(folder: folder, rules: rules)
            #expect(tokenizer.encode(text).ids.count == 77)
            #expect(tokenizer.ids(text).last == Self.end)
        }
    }

    @Test(arguments: [
        ("e\u{301}", "é"), ("\u{E0061}\u{301}", "\u{E0061}\u{301}"), ("\u{11099}\u{110BA}", "\u{1109A}"),
        ("🐱\u{FE0F}e\u{301}", "🐱\u{FE0F}é"), ("\u{212B}", "\u{C5}"), ("\u{1100}\u{1161}", "\u{AC00}"),
    ])
    func composes(_ text: String, _ expected: String) {
        #expect(Normalization.composed(Array(text.unicodeScalars)) == Array(expected.unicodeScalars))
    }

    /// Quadratic work would take minutes.
    @Test(
        .timeLimit(.minutes(15)),
        arguments: [
            "a", "ca", "cat ", "\0", "🐱", "é", "!", "'s", "&amp;", "&", "amp;", "&#", "<|", "Σ", "Σ'", "\u{1B}[", "\n",
        ])
    func longTextsAreFast(_ unit: String) throws {
        let folder = try Self.folder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = "&" + String(repeating: unit, count: 20_000 / unit.count)
        for rules in [CLIPTokenizer.Rules.transformers, .openAI] {
            let tokenizer = try CLIPTokenizer(folder: folder, rules: rules)
            #expect(tokenizer.ids(text).last == Self.end)
        }
    }

    @Test func namesTheCulprit() throws {
        func error(_ change: (URL) throws -> Void) throws -> TokenizerError? {
            let folder = try Self.folder()
            defer { try? FileManager.default.removeItem(at: folder) }
            try change(folder)
            return #expect(throws: TokenizerError.self) { try CLIPTokenizer(folder: folder) }
        }
        func write(_ text: String, _ name: String) -> (URL) throws -> Void {
            { try Data(text.utf8).write(to: $0.appending(path: name)) }
        }
        let missing = try error { try FileManager.default.removeItem(at: $0.appending(path: "merges.txt")) }
        #expect(missing?.kind == .missingFile)
        #expect(missing?.file == "merges.txt")
        for (text, name) in [
            ("{", "vocab.json"), ("[]", "vocab.json"), (#"{"a": "b"}"#, "vocab.json"), (#"{"a": -1}"#, "vocab.json"),
            ("c a t\n", "merges.txt"), ("c\n", "merges.txt"), ("q q\n", "merges.txt"),
            ("[1]", "tokenizer_config.json"), (#"{"pad_token": 1}"#, "tokenizer_config.json"),
            (#"{"model": {}}"#, "tokenizer.json"),
        ] {
            let found = try error(write(text, name))
            #expect(found?.kind == .malformedFile, "\(text)")
            #expect(found?.file == name, "\(text)")
        }
        let unknown = try error(write(#"{"pad_token": "<none>"}"#, "tokenizer_config.json"))
        #expect(unknown?.kind == .unknownToken)
        #expect(unknown?.message.contains("<none>") == true)
    }
}

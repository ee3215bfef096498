import Foundation

/// A byte-pair vocabulary in CLIP's format, and the files in which transformers keeps one.
public struct CLIPVocabulary: Sendable {
    /// All tokens; a token's id is its index. The end mark has the largest id, by which CLIP's text encoder finds it.
    public internal(set) var tokens: [String]
    /// The merges in order of rank.
    public internal(set) var merges: [(String, String)] = []

    static let marks = [CLIPTokenizer.startToken, CLIPTokenizer.endToken]

    /// The bytes, and the bytes at the end of a word.
    init() {
        let bytes = ByteAlphabet.bytesInVocabularyOrder.map { String(ByteAlphabet.characters[Int($0)]) }
        tokens = bytes + bytes.map { $0 + "</w>" }
    }

    /// Writes `vocab.json`, `merges.txt`, `tokenizer_config.json` and `special_tokens_map.json` into a folder, which is
    /// made where it is missing. `CLIPTokenizer` and transformers read them.
    ///
    /// - Throws: `TokenizerError` when a file cannot be written.
    public func save(to folder: URL, contextLength: Int) throws {
        let named =
            #""bos_token": "\#(Self.marks[0])", "eos_token": "\#(Self.marks[1])", "#
            + #""pad_token": "\#(Self.marks[1])", "unk_token": "\#(Self.marks[1])""#
        let entries = tokens.enumerated().map { "\(Self.quoted($1)): \($0)" }
        let files = [
            ("vocab.json", "{" + entries.joined(separator: ", ") + "}"),
            ("merges.txt", "#version: 0.2\n" + merges.map { "\($0) \($1)\n" }.joined()),
            ("special_tokens_map.json", "{\(named)}\n"),
            (
                "tokenizer_config.json",
                #"{"tokenizer_class": "CLIPTokenizer", "do_lower_case": true, "errors": "replace", "#
                    + #""model_max_length": \#(contextLength), \#(named)}"# + "\n"
            ),
        ]
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw TokenizerError(.unwritableFile, file: folder.lastPathComponent, "the folder cannot be made")
        }
        for (name, text) in files {
            do {
                try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic)
            } catch {
                throw TokenizerError(
                    .unwritableFile, file: name, "cannot be written; check the folder's permissions and free space")
            }
        }
    }

    /// Of the byte alphabet only these two characters need an escape in JSON.
    private static func quoted(_ token: String) -> String {
        let escaped = token.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }
        return "\"" + escaped.joined() + "\""
    }
}

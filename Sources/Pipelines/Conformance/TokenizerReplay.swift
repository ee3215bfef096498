import Checkpoints
import Foundation
import Tokenizers

/// Replays the prompts of `cases.json` through every tokenizer that it lists.
struct TokenizerReplay {
    /// A column of the recording: which tokenizer made it, and how.
    private struct Column: Sendable {
        let name: String
        /// Makes the column's ids of a text, padding left out.
        let ids: @Sendable (URL) throws -> (String) -> [Int32]
    }

    private static let columns = [
        Column(name: "clip_bang") { try clip($0, "clip-pad-bang", .transformers) },
        Column(name: "clip_eot") { try clip($0, "clip-pad-eot", .transformers) },
        Column(name: "openai_simple") { try clip($0, "clip-pad-eot", .openAI) },
        Column(name: "min_dalle") { folder in
            let tokenizer = try BARTTokenizer(folder: folder.appending(path: "bart"), rules: .minDalle)
            return { tokenizer.ids($0) }
        },
        Column(name: "bart") { folder in
            let tokenizer = try BARTTokenizer(folder: folder.appending(path: "bart"), rules: .transformers)
            return { tokenizer.ids($0) }
        },
    ]

    private static let fileName = "cases.json"
    private let folder: URL

    static func claims(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: fileName).path)
    }

    init(_ folder: URL) { self.folder = folder }

    func run() throws -> ConformanceReport {
        let contents = try JSON(file: folder.appending(path: Self.fileName), name: Self.fileName)
        guard let cases = contents["cases"]?.array else {
            throw ConformanceError(.notAFixture, "\(Self.fileName) has no list of cases")
        }
        let runs = try Self.columns.filter { column in cases.contains { $0[column.name] != nil } }.map { column in
            let ids = try column.ids(folder)
            var run = ConformanceReport.Run(name: column.name, subject: "tokenizer")
            for (index, item) in cases.enumerated() {
                guard let prompt = item["prompt"]?.string, let recorded = item[column.name]?.array else { continue }
                run.checks.append(
                    Check("\(index)", ids(prompt), recorded: recorded.compactMap { $0.int.map(Int32.init) }))
            }
            return run
        }
        return ConformanceReport(title: "Tokenizers", device: "cpu", dtype: "int32", runs: runs)
    }

    private static func clip(
        _ folder: URL, _ name: String, _ rules: CLIPTokenizer.Rules
    ) throws -> (String) -> [Int32] {
        let tokenizer = try CLIPTokenizer(folder: folder.appending(path: name), rules: rules)
        return { text in
            let tokens = tokenizer.encode(text)
            return zip(tokens.ids, tokens.mask).filter(\.1).map(\.0)
        }
    }
}

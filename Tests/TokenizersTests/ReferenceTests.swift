import Foundation
import TestSupport
import Testing

@testable import Tokenizers

/// Every prompt of the reference's list, through every tokenizer that it lists.
struct ReferenceTests {
    struct Cases: Decodable {
        let cases: [Case]
    }

    struct Case: Decodable {
        let prompt: String
        let clip_bang, clip_eot, openai_simple, min_dalle, bart: [Int32]
        let clip_eot_untruncated_len: Int
        let demojized_lower_ascii: String
    }

    /// A recorded list: a reduced one in the repository, and the whole one where the fixtures are.
    enum Recording: CaseIterable {
        case repository, shared

        static let available = Fixtures.canRun("tokenizers") ? allCases : [.repository]

        func folder() throws -> URL {
            switch self {
            case .repository: URL(filePath: #filePath).appending(path: "../../Goldens/tokenizers").standardizedFileURL
            case .shared: try Fixtures.folder("tokenizers")
            }
        }

        func cases() throws -> [Case] {
            let data = try Data(contentsOf: folder().appending(path: "cases.json"))
            let cases = try JSONDecoder().decode(Cases.self, from: data).cases
            try #require(cases.count > 50)
            return cases
        }
    }

    private func check(_ recording: Recording, _ column: KeyPath<Case, [Int32]>, _ ids: (String) -> [Int32]) throws {
        for item in try recording.cases() {
            #expect(ids(item.prompt) == item[keyPath: column], "\(item.prompt.debugDescription)")
        }
    }

    /// The ids that are not padding.
    private func kept(_ text: TokenizedText) -> [Int32] {
        zip(text.ids, text.mask).filter(\.1).map(\.0)
    }

    @Test(arguments: Recording.available)
    func clipPaddedWithEndToken(_ recording: Recording) throws {
        let tokenizer = try CLIPTokenizer(folder: recording.folder().appending(path: "clip-pad-eot"))
        #expect(tokenizer.padID == tokenizer.endID)
        try check(recording, \.clip_eot) { kept(tokenizer.encode($0)) }
        for item in try recording.cases() {
            #expect(tokenizer.ids(item.prompt).count == item.clip_eot_untruncated_len)
        }
    }

    @Test(arguments: Recording.available)
    func clipPaddedWithExclamationMark(_ recording: Recording) throws {
        let tokenizer = try CLIPTokenizer(folder: recording.folder().appending(path: "clip-pad-bang"))
        #expect(tokenizer.padID == 0)
        try check(recording, \.clip_bang) { kept(tokenizer.encode($0)) }
    }

    @Test(arguments: Recording.available)
    func openAI(_ recording: Recording) throws {
        let tokenizer = try CLIPTokenizer(folder: recording.folder().appending(path: "clip-pad-eot"), rules: .openAI)
        try check(recording, \.openai_simple) { kept(tokenizer.encode($0)) }
    }

    @Test(arguments: Recording.available)
    func bart(_ recording: Recording) throws {
        let tokenizer = try BARTTokenizer(folder: recording.folder().appending(path: "bart"), rules: .transformers)
        try check(recording, \.bart) { tokenizer.ids($0) }
    }

    @Test(arguments: Recording.available)
    func minDalle(_ recording: Recording) throws {
        let tokenizer = try BARTTokenizer(folder: recording.folder().appending(path: "bart"))
        try check(recording, \.min_dalle) { tokenizer.ids($0) }
        for item in try recording.cases() {
            #expect(BARTTokenizer.minDalleText(item.prompt) == item.demojized_lower_ascii)
        }
    }
}

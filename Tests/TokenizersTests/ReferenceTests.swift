import Foundation
import TestSupport
import Testing

@testable import Tokenizers

/// Every prompt of the reference's list, through every tokenizer that it lists.
@Suite(.fixtures("tokenizers"))
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

    let folder: URL
    let cases: [Case]

    init() throws {
        folder = try Fixtures.folder("tokenizers")
        let data = try Data(contentsOf: folder.appending(path: "cases.json"))
        cases = try JSONDecoder().decode(Cases.self, from: data).cases
        try #require(!cases.isEmpty)
    }

    private func check(_ expected: KeyPath<Case, [Int32]>, _ ids: (String) -> [Int32]) {
        for item in cases {
            #expect(ids(item.prompt) == item[keyPath: expected], "\(item.prompt.debugDescription)")
        }
    }

    /// The ids that are not padding.
    private func kept(_ text: TokenizedText) -> [Int32] {
        zip(text.ids, text.mask).filter(\.1).map(\.0)
    }

    @Test func clipPaddedWithEndToken() throws {
        let tokenizer = try CLIPTokenizer(folder: folder.appending(path: "clip-pad-eot"))
        #expect(tokenizer.padID == tokenizer.endID)
        check(\.clip_eot) { kept(tokenizer.encode($0)) }
        for item in cases {
            #expect(tokenizer.ids(item.prompt).count == item.clip_eot_untruncated_len)
        }
    }

    @Test func clipPaddedWithExclamationMark() throws {
        let tokenizer = try CLIPTokenizer(folder: folder.appending(path: "clip-pad-bang"))
        #expect(tokenizer.padID == 0)
        check(\.clip_bang) { kept(tokenizer.encode($0)) }
    }

    @Test func openAI() throws {
        let tokenizer = try CLIPTokenizer(folder: folder.appending(path: "clip-pad-eot"), rules: .openAI)
        check(\.openai_simple) { kept(tokenizer.encode($0)) }
    }

    @Test func bart() throws {
        let tokenizer = try BARTTokenizer(folder: folder.appending(path: "bart"), rules: .transformers)
        check(\.bart) { tokenizer.ids($0) }
    }

    @Test func minDalle() throws {
        let tokenizer = try BARTTokenizer(folder: folder.appending(path: "bart"))
        check(\.min_dalle) { tokenizer.ids($0) }
        for item in cases {
            #expect(BARTTokenizer.minDalleText(item.prompt) == item.demojized_lower_ascii)
        }
    }
}

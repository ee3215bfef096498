import Foundation
import Testing

@testable import Tokenizers

struct BPETrainerTests {
    private func save(_ vocabulary: CLIPVocabulary) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "limn-bpe-\(UUID().uuidString)")
        try vocabulary.save(to: folder, contextLength: 32)
        return folder
    }

    /// "low" 5 times, "lower" twice, "newest" 6 times, "widest" 3 times: the example of the paper. Pairs by count:
    /// es 9, est</w> 9 (t is the last byte), lo 7, low… and so on.
    @Test func mergesTheMostFrequentPairFirst() {
        let text = "low low low low low lower lower newest newest newest newest newest newest widest widest widest"
        let merges = BPETrainer(vocabularySize: 514 + 4).train([text]).merges
        #expect(merges.map { "\($0) \($1)" } == ["e s", "es t</w>", "l o", "e w"])
    }

    @Test func stopsWhenNothingRepeats() {
        let vocabulary = BPETrainer(vocabularySize: 4096).train(["abc", "xyz"])
        #expect(vocabulary.merges.isEmpty)
        #expect(vocabulary.tokens.count == 514)
        #expect(BPETrainer().train([]).tokens.count == 514)
    }

    @Test func repeatsAreCountedOnce() {
        let merges = BPETrainer(vocabularySize: 600).train(["aaaa aaaa"]).merges
        #expect(merges.map { "\($0) \($1)" } == ["a a", "a a</w>", "aa aa</w>"])
    }

    @Test func orderOfTextsDoesNotMatter() {
        let texts = ["a red cat", "two red cats", "a blue dog", "two dogs and a cat", "the cat's hat", "a red hat"]
        let one = BPETrainer(vocabularySize: 600).train(texts)
        let other = BPETrainer(vocabularySize: 600).train(texts.reversed())
        #expect(one.tokens == other.tokens)
        #expect(!one.merges.isEmpty)
    }

    @Test func savedVocabularyIsReadBack() throws {
        let texts = ["a \"red\" cat\\", "two red cats, 100%", "Ünïcödé cat <|endoftext|>", "🐱 cat 🐱"]
        let vocabulary = BPETrainer(vocabularySize: 560).train(texts)
        let folder = try save(vocabulary)
        defer { try? FileManager.default.removeItem(at: folder) }
        let tokenizer = try CLIPTokenizer(folder: folder)
        #expect(tokenizer.contextLength == 32)
        #expect(tokenizer.vocabularySize == vocabulary.tokens.count)
        #expect(Int(tokenizer.endID) == vocabulary.tokens.count - 1)
        let id = vocabulary.tokens.firstIndex(of: "cat</w>").map(Int32.init)
        #expect(tokenizer.ids("CAT") == [tokenizer.startID, try #require(id), tokenizer.endID])
        let tokens = tokenizer.ids("a \"red\" cat\\").dropFirst().dropLast().map { vocabulary.tokens[Int($0)] }
        #expect(tokens.joined() == "a</w>\"</w>red</w>\"</w>cat</w>\\</w>")
    }

    @Test func saysWhatCannotBeWritten() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "limn-bpe-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let error = #expect(throws: TokenizerError.self) {
            try BPETrainer().train([]).save(to: file.appending(path: "tokenizer"), contextLength: 32)
        }
        #expect(error?.kind == .unwritableFile)
    }
}

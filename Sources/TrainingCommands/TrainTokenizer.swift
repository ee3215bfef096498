import ArgumentParser
import Foundation
import Tokenizers
import Training

struct TrainTokenizer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer", abstract: "Learn the byte-pair vocabulary of a pack's captions.",
        discussion: "  limn train tokenizer --data packs/emoji --size 4096 --out runs/tokenizer")
    @Option(help: "The pack.") var data: String
    @Option(help: "How many tokens, bytes and marks included.") var size = 4096
    @Option(help: "How many tokens a caption may have in the models that use it.") var contextLength = 32
    @Option(help: "The tokenizer's folder.") var out: String

    func run() throws {
        let pack = try PicturePack(folder: URL(filePath: data))
        let vocabulary = BPETrainer(vocabularySize: size).train(pack.trainingTexts())
        try vocabulary.save(to: URL(filePath: out), contextLength: contextLength)
        print("\(vocabulary.tokens.count) tokens in \(out)")
    }
}

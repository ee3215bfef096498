import Diffusion
import ImageGeneration
import Models
import Tokenizers
import Torch

/// The components of a DALL·E mini model, each read when a plan first needs it and kept.
final class DalleMiniModel: StageModel {
    private let components: ComponentLoader

    init(_ components: ComponentLoader) { self.components = components }

    var device: Device { components.device }

    func load(for plan: GenerationPlan) throws {
        let (reads, config) = (try tokenizer, try encoder.config)
        guard reads.vocabularySize <= config.textVocabulary else {
            throw GenerationError(
                .unusableModel, parameter: "tokenizer",
                "the tokenizer has \(reads.vocabularySize) tokens, its encoder reads \(config.textVocabulary)")
        }
        for stage in plan.stages { _ = try decoder(stage.network) }
        _ = try detokenizer
    }

    func notes(on plan: GenerationPlan) throws -> [GenerationNote] {
        let (tokenizer, length) = (try tokenizer, try encoder.config.textLength)
        return plan.allTexts.compactMap { text in
            let count = tokenizer.ids(text).count
            return count > length ? .promptTruncated(tokens: count, kept: length) : nil
        }
    }

    func begin(_ plan: GenerationPlan, _ observe: RunObserver) throws -> any StageRun {
        try DalleMiniRun(plan, self, observe)
    }

    var tokenizer: BARTTokenizer {
        get throws { try components.files("tokenizer") { try BARTTokenizer(folder: $0) } }
    }

    var encoder: DalleBartEncoder {
        get throws { try components.network("encoder") { DalleBartEncoder($0, $1) } }
    }

    func decoder(_ name: String) throws -> DalleBartDecoder {
        try components.network(name) { DalleBartDecoder($0, $1) }
    }

    var detokenizer: VQGANDetokenizer {
        get throws { try components.network("detoker") { VQGANDetokenizer($0, $1) } }
    }
}

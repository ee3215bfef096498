import Diffusion
import ImageGeneration
import Models
import Tokenizers
import Torch

/// The components of a DALL·E mini model, each read when a plan first needs it.
final class DalleMiniModel: ComponentModel {
    let components: ComponentLoader

    init(_ components: ComponentLoader) { self.components = components }

    func check(_ plan: GenerationPlan) throws {
        let (reads, config) = (try tokenizer, try configuration)
        guard reads.vocabularySize <= config.textVocabulary else {
            throw GenerationError(
                .unusableModel, parameter: "tokenizer",
                "the tokenizer has \(reads.vocabularySize) tokens, its encoder reads \(config.textVocabulary)")
        }
    }

    func networks(for plan: GenerationPlan) throws -> [PlannedNetwork] {
        [PlannedNetwork("encoder") { _ = try self.encoder }]
            + plan.stages.map { stage in PlannedNetwork(stage.network) { _ = try self.decoder(stage.network) } }
            + [PlannedNetwork("detoker") { _ = try self.detokenizer }]
    }

    func notes(on plan: GenerationPlan) throws -> [GenerationNote] {
        let (tokenizer, length) = (try tokenizer, try configuration.textLength)
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

    /// The encoder's, without its weights.
    var configuration: DalleBartConfig { get throws { try components.value("encoder") } }

    /// How many codes the VQGAN has.
    var codes: Int {
        get throws {
            let config: VQGANConfig = try components.value("detoker")
            return config.codes
        }
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

import Checkpoints
import Diffusion
import ImageGeneration
import Models

/// DALL·E mini and mega (Dayma et al. 2021): BART from a text to the codes of a VQGAN, token by token.
///
/// A model is a folder as min-dalle converts it (`encoder`, `decoder` and `detoker`, with `config.json` and the
/// tokenizer's files), or the published Flax checkpoint with the VQGAN's in `vqgan`.
struct DalleMiniFamily: ModelFamily {
    let name = "dalle-mini"
    let pipelines: Set = ["MinDallePipeline"]

    /// Its files lie beside the weights, or in a folder of their own.
    private static let tokenizer = FolderLayout.Component(
        className: "BartTokenizer", configurations: ["vocab.json", "merges.txt", "tokenizer.json"],
        folders: ["tokenizer", "."])

    let layouts = [
        FolderLayout(
            pipelineClass: "MinDallePipeline", mark: "detoker",
            components: [
                "tokenizer": Self.tokenizer,
                "encoder": .init(
                    className: "DalleBartEncoder", configurations: ["config.json"], weights: ["encoder"],
                    keys: DalleMiniKeys.converted),
                "decoder": .init(
                    className: "DalleBartDecoder", configurations: ["config.json"], weights: ["decoder"],
                    keys: DalleMiniKeys.converted),
                "detoker": .init(
                    className: "VQGanDetokenizer", configurations: ["config.json"], weights: ["detoker"]),
            ]),
        FolderLayout(
            pipelineClass: "MinDallePipeline", mark: "detoker",
            components: [
                "tokenizer": Self.tokenizer,
                "encoder": .init(
                    className: "DalleBartEncoder", configurations: ["config.json"], weights: ["flax_model"],
                    keys: DalleMiniKeys.bart(roots: [("model.encoder.", "")])),
                "decoder": .init(
                    className: "DalleBartDecoder", configurations: ["config.json"], weights: ["flax_model"],
                    keys: DalleMiniKeys.bart(roots: [("model.decoder.", ""), ("lm_head.", "lm_head.")])),
                "detoker": .init(
                    className: "VQGanDetokenizer", configurations: ["vqgan/config.json"],
                    weights: ["vqgan/flax_model"], keys: DalleMiniKeys.vqgan),
            ]),
    ]

    func model(_ components: ComponentLoader) -> any StageModel { DalleMiniModel(components) }

    /// The decoder reads the text itself.
    func embeds(_ folder: ModelFolder) -> Set<EmbeddingInput> { [.text] }

    func impossible(_ folder: ModelFolder) -> Set<TaskKind> { [.inpaint, .outpaint, .blend] }

    /// min-dalle's settings, and the larger sizes by resampling.
    func defaultManifest(of folder: ModelFolder) throws -> GenerationManifest {
        let config: DalleBartConfig = try configuration(folder, "decoder")
        let stage = GenerationManifest.Stage(
            name: "decoder", role: .decoder, network: "decoder", tokens: .init(temperature: 1, topK: 256),
            steps: config.imageLength, guidance: 16)
        let autoencoder: VQGANConfig = try configuration(folder, "detoker")
        let size = config.side * autoencoder.layout.factor
        return GenerationManifest(nativeSize: size, sizes: [size, 2 * size, 4 * size], stages: [stage])
    }

    func space(of stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> SampleSpace {
        let config: DalleBartConfig = try configuration(folder, stage.network)
        let autoencoder: VQGANConfig = try configuration(folder, "detoker")
        return .tokens(height: config.side, width: config.side, factor: autoencoder.layout.factor)
    }

    func sampler(of stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> StageDescription.Sampler {
        guard let tokens = stage.tokens, stage.role == .decoder else {
            throw GenerationError(
                .unusableModel, parameter: GenerationManifest.fileName,
                "\(GenerationManifest.fileName): the stage \(stage.name) should be a decoder with tokens, as models of the "
                    + "family \(name) have one alone")
        }
        let config: DalleBartConfig = try configuration(folder, stage.network)
        return .tokens(
            TokenSampling(
                startToken: config.startToken, temperature: tokens.temperature, topK: tokens.topK,
                length: config.imageLength))
    }
}

import Checkpoints
import ImageGeneration
import Models

/// Kandinsky 2.2 (Sber AI and AIRI 2023): unCLIP in the latents of a MoVQ.
///
/// It is published in three repositories, each with its pipeline; a model is a folder with all of them: `prior`,
/// `decoder` and, for known pictures, `inpaint`.
struct Kandinsky22Family: ModelFamily {
    let name = "kandinsky22"
    let pipelines: Set = ["KandinskyV22CombinedPipeline"]

    let layouts = [
        FolderLayout(
            pipelineClass: "KandinskyV22CombinedPipeline", mark: "unet",
            components: [
                "tokenizer": .diffusers("prior/tokenizer", className: "CLIPTokenizer"),
                "text_encoder": .diffusers("prior/text_encoder", className: "CLIPTextModelWithProjection"),
                "image_encoder": .diffusers("prior/image_encoder", className: "CLIPVisionModelWithProjection"),
                "image_processor": .diffusers("prior/image_processor", className: "CLIPImageProcessor"),
                "prior": .diffusers("prior/prior", className: "PriorTransformer"),
                "prior_scheduler": .diffusers("prior/scheduler", className: "UnCLIPScheduler"),
                "unet": .diffusers("decoder/unet", className: "UNet2DConditionModel"),
                "scheduler": .diffusers("decoder/scheduler", className: "DDPMScheduler"),
                "movq": .diffusers("decoder/movq", className: "VQModel"),
                "inpaint_unet": .diffusers("inpaint/unet", className: "UNet2DConditionModel"),
            ])
    ]

    func model(_ components: ComponentLoader) -> any StageModel { Kandinsky22Model(components) }

    func seesKnownPicture(_ stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> Bool {
        stage.role == .decoder && stage.knownNetwork != nil
    }

    /// The reference's steps and scales.
    func defaultManifest(of folder: ModelFolder) throws -> GenerationManifest {
        var decoder = GenerationManifest.Stage(
            name: "decoder", role: .decoder, network: "unet", scheduler: "scheduler", steps: 50, guidance: 4)
        decoder.knownNetwork = folder.components["inpaint_unet"] == nil ? nil : "inpaint_unet"
        let prior = GenerationManifest.Stage(
            name: "prior", role: .prior, network: "prior", scheduler: "prior_scheduler", steps: 25, guidance: 4)
        guard let native = try space(of: decoder, in: folder).pictureSize?.width else {
            throw GenerationError(.unusableModel, parameter: "unet", "the unet draws no pictures")
        }
        return GenerationManifest(
            nativeSize: native, sizes: [native, native * 3 / 2, native * 2],
            stages: (folder.components["prior"] == nil ? [] : [prior]) + [decoder])
    }

    func space(of stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> SampleSpace {
        guard stage.role == .decoder else { return try priorSpace(stage, in: folder) }
        let network: UNet2DConditionConfig = try configuration(folder, stage.network)
        let autoencoder: VQModelConfig = try configuration(folder, "movq")
        let factor = autoencoder.layout.factor
        let side = try side(of: stage, sampleSize: network.layout.sampleSize, factor: factor)
        return .latents(channels: autoencoder.vqEmbedDim, height: side, width: side, factor: factor)
    }
}

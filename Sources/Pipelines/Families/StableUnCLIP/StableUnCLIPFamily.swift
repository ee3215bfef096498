import Checkpoints
import ImageGeneration
import Models

/// Stable unCLIP: Stable Diffusion 2.1 conditioned on a noised CLIP image embedding beside the text, with a prior of its
/// own or begun from a picture.
struct StableUnCLIPFamily: ModelFamily {
    let name = "stable-unclip"
    let pipelines: Set = ["StableUnCLIPPipeline", "StableUnCLIPImg2ImgPipeline"]

    func model(_ components: ComponentLoader) -> any StageModel { StableUnCLIPModel(components) }

    /// Texts can be compared with pictures where the prior's encoder is there: the other one has a space of its own.
    func impossible(_ folder: ModelFolder) -> Set<TaskKind> {
        folder.components["prior_text_encoder"] == nil ? [.textDifference] : []
    }

    /// The reference's steps and scales.
    func defaultManifest(of folder: ModelFolder) throws -> GenerationManifest {
        let stages = [
            GenerationManifest.Stage(
                name: "prior", role: .prior, network: "prior", scheduler: "prior_scheduler", steps: 25, guidance: 4),
            GenerationManifest.Stage(
                name: "decoder", role: .decoder, network: "unet", scheduler: "scheduler", steps: 20, guidance: 10),
        ].filter { folder.components[$0.network] != nil }
        guard let size = try stages.compactMap({ try space(of: $0, in: folder).pictureSize?.width }).max() else {
            throw GenerationError(.unusableModel, parameter: "model_index.json", "model_index.json names no unet")
        }
        return GenerationManifest(nativeSize: size, sizes: [size], stages: stages)
    }

    func space(of stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> SampleSpace {
        switch stage.role {
        case .prior: return try priorSpace(stage, in: folder)
        case .decoder:
            let config: UNet2DConditionConfig = try configuration(folder, stage.network)
            let factor = (try configuration(folder, "vae") as AutoencoderKLConfig).layout.factor
            let side = try side(of: stage, sampleSize: config.layout.sampleSize, factor: factor)
            return .latents(channels: config.layout.sampleChannels.in, height: side, width: side, factor: factor)
        case .sketcher, .upsampler:
            throw GenerationError(
                .unusableModel, parameter: GenerationManifest.fileName,
                "the stage \(stage.name) is a \(stage.role.rawValue), and models of the family \(name) have none")
        }
    }
}

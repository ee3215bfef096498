import Checkpoints
import ImageGeneration
import Models

/// unCLIP in pixel space (Ramesh et al. 2022): Karlo's folders, and Limn's own in the same layout.
struct UnCLIPFamily: ModelFamily {
    let name = "unclip"
    let pipelines: Set = ["UnCLIPPipeline", "UnCLIPImageVariationPipeline"]

    func model(_ components: ComponentLoader) -> any StageModel { UnCLIPModel(components) }

    func seesKnownPicture(_ stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> Bool {
        guard stage.role == .decoder else { return false }
        let config: UNet2DConditionConfig = try configuration(folder, stage.network)
        return config.inpaintingChannels > 0
    }

    /// The decoder can where CLIP sees what it drew.
    func drawsCandidates(_ stage: GenerationManifest.Stage, in folder: ModelFolder) -> Bool {
        stage.role == .prior || stage.role == .decoder && embeds(folder).contains(.picture)
    }

    /// Karlo's stages with the reference's steps and scales, as far as the folder has their components.
    func defaultManifest(of folder: ModelFolder) throws -> GenerationManifest {
        let stages = [
            GenerationManifest.Stage(
                name: "prior", role: .prior, network: "prior", scheduler: "prior_scheduler", steps: 25, guidance: 4),
            GenerationManifest.Stage(
                name: "decoder", role: .decoder, network: "decoder", scheduler: "decoder_scheduler", steps: 25,
                guidance: 8),
            GenerationManifest.Stage(
                name: "super_res", role: .upsampler, network: "super_res_first", lastNetwork: "super_res_last",
                scheduler: "super_res_scheduler", steps: 7),
        ].filter { folder.components[$0.network] != nil }
        let sizes = try stages.compactMap { try space(of: $0, in: folder).pictureSize?.width }
        guard let native = sizes.max() else {
            throw GenerationError(
                .unusableModel, parameter: "model_index.json",
                "model_index.json names neither a decoder nor an upsampler")
        }
        return GenerationManifest(nativeSize: native, sizes: [native, 2 * native, 4 * native], stages: stages)
    }

    func space(of stage: GenerationManifest.Stage, in folder: ModelFolder) throws -> SampleSpace {
        switch stage.role {
        case .prior: return try priorSpace(stage, in: folder)
        case .sketcher:
            let config: SketcherConfig = try configuration(folder, stage.network)
            return try pixels(stage, channels: config.inChannels, config.sampleSize)
        case .decoder:
            let config: UNet2DConditionConfig = try configuration(folder, stage.network)
            return try pixels(
                stage, channels: config.noisyChannels, config.layout.sampleSize)
        case .upsampler:
            let config: UpsamplerConfig = try configuration(folder, stage.network)
            return try pixels(stage, channels: config.pictureChannels, config.sampleSize)
        }
    }

    private func pixels(
        _ stage: GenerationManifest.Stage, channels: Int, _ sampleSize: Int?
    ) throws(GenerationError) -> SampleSpace {
        let size = try side(of: stage, sampleSize: sampleSize)
        return .pixels(channels: channels, height: size, width: size)
    }
}

import Diffusion
import Foundation
import ImageGeneration
import Imaging

@testable import Pipelines

/// Descriptions of models that need no files.
enum Described {
    /// Karlo as its published configurations describe it.
    static func karlo() throws -> ModelDescription {
        let scheduler = try SchedulerConfig(.unCLIP, ["prediction_type": "sample", "clip_sample_range": 5.0])
        let learned = try SchedulerConfig(.unCLIP, ["variance_type": "learned_range"])
        return ModelDescription(
            name: "karlo", family: "unclip", tasks: Set(TaskKind.allCases), embeds: [.text, .picture],
            manifest: GenerationManifest(nativeSize: 256, sizes: [256, 512, 1024], stages: []),
            stages: [
                StageDescription(
                    .init(
                        name: "prior", role: .prior, network: "prior", scheduler: "prior_scheduler", steps: 25,
                        guidance: 4),
                    space: .embedding(width: 768), sampler: .diffusion(scheduler), drawsCandidates: true),
                StageDescription(
                    .init(
                        name: "decoder", role: .decoder, network: "decoder", scheduler: "decoder_scheduler", steps: 25,
                        guidance: 8),
                    space: .pixels(channels: 3, height: 64, width: 64), sampler: .diffusion(learned)),
                StageDescription(
                    .init(
                        name: "super_res", role: .upsampler, network: "super_res_first", lastNetwork: "super_res_last",
                        scheduler: "super_res_scheduler", steps: 7),
                    space: .pixels(channels: 3, height: 256, width: 256),
                    sampler: .diffusion(try SchedulerConfig(.unCLIP))),
            ])
    }

    /// A model of our own kind: both priors, a third stage, v-prediction, presets.
    static func small() throws -> ModelDescription {
        var model = try karlo()
        model.name = "small"
        model.manifest.linearPrior = "linear_prior"
        model.manifest.presets = [
            "draft": .init(
                embedding: .linear, stages: ["decoder": StageSettings(steps: 8, solver: "dpmsolver++")]),
            "best": .init(stages: ["decoder": StageSettings(steps: 50, guidance: 3)]),
        ]
        model.manifest.preset = "draft"
        let cosine = try SchedulerConfig(
            .ddim, ["beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction"])
        for index in model.stages.indices { model.stages[index].sampler = .diffusion(cosine) }
        model.stages[0].declared.guidance = nil
        model.stages[2].declared.lastNetwork = nil
        model.stages.append(
            StageDescription(
                .init(
                    name: "super_res_1024", role: .upsampler, network: "super_res_1024",
                    scheduler: "super_res_scheduler", steps: 4),
                space: .pixels(channels: 3, height: 1024, width: 1024), sampler: .diffusion(cosine)))
        return model
    }

    /// DALL·E mini as its published configuration describes it.
    static func dalleMini() -> ModelDescription {
        let stage = GenerationManifest.Stage(
            name: "decoder", role: .decoder, network: "decoder", tokens: .init(temperature: 1, topK: 256), steps: 256,
            guidance: 16)
        return ModelDescription(
            name: "dalle-mini", family: "dalle-mini", tasks: [.textToImage], embeds: [.text],
            manifest: GenerationManifest(nativeSize: 256, sizes: [256, 512, 1024], stages: [stage]),
            stages: [
                StageDescription(
                    stage, space: .tokens(height: 16, width: 16, factor: 16),
                    sampler: .tokens(TokenSampling(startToken: 16384, length: 256)))
            ])
    }

    static func picture() throws -> ImageBuffer { try ImageBuffer(width: 8, height: 8, color: .white) }
}

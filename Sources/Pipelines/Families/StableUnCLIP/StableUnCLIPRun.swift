import Diffusion
import Models
import Torch

/// One run of a Stable unCLIP plan: image embedding → noised image embedding → latents → picture (the order and the
/// shapes are those of diffusers' `StableUnCLIPPipeline` and `StableUnCLIPImg2ImgPipeline`).
final class StableUnCLIPRun: StageRun {
    private let plan: GenerationPlan
    private let model: StableUnCLIPModel
    private let observe: RunObserver
    private let subjects: EmbeddingSource
    /// (count, 2 · width): the noised embeddings with their noise level.
    private var labels: Tensor?
    private var latents: Tensor?

    init(_ plan: GenerationPlan, _ model: StableUnCLIPModel, _ observe: RunObserver) throws {
        self.plan = plan
        self.model = model
        self.observe = observe
        // The prior knows no negative prompt.
        let isPriorGuided = plan.stages.contains { $0.role == .prior && $0.guidance != nil }
        subjects = try EmbeddingSource(plan, model, negative: isPriorGuided ? "" : nil, read: nil, observe)
    }

    func batch(of stage: Stage) -> Int { stage.role == .prior ? subjects.batch(of: stage) : plan.count }

    /// Noises the image embeddings, which absorbs the prior's errors and, at high levels, lets the text say more.
    func prepare(_ stage: Stage, noise: any NoiseSource) throws {
        guard stage.role == .decoder else { return }
        let normalizer = try model.normalizer
        let embeds = try observe("noise_aug/in", try imageEmbeddings())
        let draw = try noise.next("image_embedding_noise", embeds.shape).to(model.device)
        let noised = normalizer.unscale(try model.noiseLevel(of: stage).mix(normalizer.scale(embeds), draw))
        labels = try observe(
            "noise_aug/out", StableUnCLIPImageNormalizer.labels(noised, noiseLevel: stage.noiseLevel))
    }

    func denoiser(for stage: Stage, known: KnownSample?) throws -> Denoiser {
        stage.role == .prior ? try subjects.denoiser(for: stage) : try decoderDenoiser(stage)
    }

    private func decoderDenoiser(_ stage: Stage) throws -> Denoiser {
        let isGuided = stage.guidance != nil
        // A picture that is led back to its noise draws none: its embedding is known exactly.
        let conditional =
            try labels ?? StableUnCLIPImageNormalizer.labels(try imageEmbeddings(), noiseLevel: 0)
        let labels = isGuided ? Tensor.cat([conditional * 0, conditional], dim: 0) : conditional
        let conditions = UNetConditions(
            context: try observe("\(stage.name)/encoder_hidden_states", try promptRows(guided: isGuided)),
            timeEmbedding: try observe("\(stage.name)/class_labels", labels))
        let unet = try model.decoder(stage.network)
        let context = try unet.prepare(conditions)
        return stage.denoiser(observe) { [model] sample, step in
            unet(sample.to(model.dtype), model.timesteps(step), context: context)
        }
    }

    /// The prompts' states for every picture; where guided, as many of the negative prompt first.
    private func promptRows(guided: Bool) throws -> Tensor {
        let prompts = plan.subjects.map(\.prompt)
        let rows = TextRows(pictures: plan.picturesPerSubject)
        let conditional = rows.expand(try model.promptStates(prompts))
        guard guided else { return conditional }
        return Tensor.cat([try model.promptStates([plan.negative]).expand(conditional.shape), conditional], dim: 0)
    }

    func encode(_ pictures: Tensor, for stage: Stage) throws -> Tensor {
        let size = try plan.need(stage.space.pictureSize, "a stage of pictures")
        let fits = pictures.size(2) == size.height && pictures.size(3) == size.width
        let resized =
            fits
            ? pictures
            : pictures.interpolate(size: [size.height, size.width], mode: .bicubic, antialias: true)
                .clamp(min: -1, max: 1)
        return try model.autoencoder.encode(resized).to(.float32)
    }

    func decode(_ samples: Tensor, for stage: Stage) throws -> Tensor {
        guard stage.role == .decoder else { return samples }
        let autoencoder = try model.autoencoder
        return autoencoder.decode(autoencoder.unscaled(samples)).to(.float32)
    }

    func finish(_ stage: Stage, _ sample: Tensor) throws {
        if stage.role == .prior { try subjects.finish(stage, sample) } else { latents = sample }
    }

    func imageEmbeddings() throws -> Tensor { try subjects.imageEmbeddings() }

    func pictures() throws -> Tensor {
        let autoencoder = try model.autoencoder
        let latents = try observe("vae_decode/in", autoencoder.unscaled(try plan.need(latents, "a decoder")))
        return autoencoder.decode(latents).to(.float32)
    }
}

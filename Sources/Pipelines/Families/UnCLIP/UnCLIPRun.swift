import Diffusion
import Imaging
import Models
import Torch

/// One run of an unCLIP plan: text → image embedding → small picture → larger pictures (Ramesh et al. 2022; the order
/// and the shapes are those of diffusers' `UnCLIPPipeline` and `UnCLIPImageVariationPipeline`), with a sketch before the
/// small picture where the model has a sketcher.
///
/// Rows are [unconditional, conditional] where the plan is guided, conditional alone where it is not.
final class UnCLIPRun: StageRun {
    private let plan: GenerationPlan
    private let model: UnCLIPModel
    private let observe: RunObserver
    /// The prompts, which condition the stages that draw.
    private let text: EncodedTexts
    private let subjects: EmbeddingSource
    /// (count · kept, 3, height, width) in −1…1: what lies where in each picture that the decoder draws.
    private var sketches: Tensor?
    /// (count, 3, height, width) in −1…1: what the last picture stage made.
    private var picture: Tensor?

    init(_ plan: GenerationPlan, _ model: UnCLIPModel, _ observe: RunObserver) throws {
        self.plan = plan
        self.model = model
        self.observe = observe
        let negative = plan.isGuided ? plan.negative : nil
        text = try EncodedTexts(plan.subjects.map(\.prompt), negative: negative, model, observe)
        _ = try observe(
            "text/mask", text.rows(TextRows(pictures: plan.picturesPerSubject), guided: plan.isGuided).mask)
        subjects = try EmbeddingSource(plan, model, negative: negative, read: text, observe)
    }

    func batch(of stage: Stage) -> Int {
        switch stage.role {
        case .prior: subjects.batch(of: stage)
        case .sketcher, .decoder, .upsampler: plan.count * stage.candidates
        }
    }

    func denoiser(for stage: Stage, known: KnownSample?) throws -> Denoiser {
        switch stage.role {
        case .prior: try subjects.denoiser(for: stage)
        case .sketcher: try sketcherDenoiser(stage)
        case .decoder: try decoderDenoiser(stage, known: known)
        case .upsampler: try upsamplerDenoiser(stage)
        }
    }

    func finish(_ stage: Stage, _ sample: Tensor) throws {
        switch stage.role {
        case .prior:
            try subjects.finish(stage, sample)
        case .sketcher:
            sketches = try nearest(sample, of: stage)
        case .decoder:
            picture = try nearest(sample, of: stage)
        case .upsampler:
            picture = sample
        }
    }

    func encode(_ pictures: Tensor, for stage: Stage) throws -> Tensor {
        let size = Array(stage.space.shape.suffix(2))
        guard [pictures.size(2), pictures.size(3)] != size else { return pictures }
        if stage.role == .sketcher { return Sketch.of(pictures, size: size) }
        return pictures.interpolate(size: size, mode: .bicubic, antialias: true).clamp(min: -1, max: 1)
    }

    func decode(_ samples: Tensor, for stage: Stage) throws -> Tensor {
        guard stage.role == .sketcher else { return samples }
        let decoder = plan.stages.first { $0.role == .decoder }
        let size = try plan.need(decoder?.space.pictureSize, "a decoder")
        return Sketch.shown(samples, size: [size.height, size.width])
    }

    func imageEmbeddings() throws -> Tensor { try subjects.imageEmbeddings() }

    func pictures() throws -> Tensor { try plan.need(picture, "a decoder") }

    /// Of each picture's candidates those that CLIP finds nearest to the embedding that they were drawn from.
    private func nearest(_ sample: Tensor, of stage: Stage) throws -> Tensor {
        guard stage.candidates > stage.kept else { return sample }
        let seen = try model.imageEmbeds(decode(sample, for: stage).unitPictures.imageBuffers(), .none)
        // By cosine: how long an embedding is says nothing of its likeness.
        return bestCandidates(
            sample, embeds: seen.to(.float32).normalize(dim: 1), goals: try imageEmbeddings().to(.float32),
            of: stage.candidates, keeping: stage.kept)
    }

    // MARK: Sketcher

    private func sketcherDenoiser(_ stage: Stage) throws -> Denoiser {
        let isGuided = stage.guidance != nil
        let sketcher = try model.sketcher(stage.network)
        let embeds = try imageEmbeddings().repeatingRows(stage.candidates)
        let context = sketcher.condition(
            imageEmbeds: isGuided ? sketcher.guided(embeds) : embeds,
            textEmbeds: textRows(guided: isGuided, candidates: stage.candidates).embeds)
        return stage.denoiser(observe) { [model] sample, step in
            sketcher(sample.to(model.dtype), model.timesteps(step), context: context)
        }
    }

    // MARK: Decoder

    private func decoderDenoiser(_ stage: Stage, known: KnownSample?) throws -> Denoiser {
        let isGuided = stage.guidance != nil
        let conditions = try decoderConditions(guided: isGuided, candidates: stage.candidates)
        let decoder = try model.decoder(stage.network)
        let context = try decoder.prepare(conditions)
        let shown = try shown(known, to: decoder.config, for: stage).map { [model] in
            $0.tile([isGuided ? 2 : 1, 1, 1, 1]).to(model.dtype)
        }
        return stage.denoiser(observe) { [model] sample, step in
            decoder(Tensor.cat([sample.to(model.dtype)] + shown, dim: 1), model.timesteps(step), context: context)
        }
    }

    /// What the decoder is shown beside what it denoises, each (count · candidates, channels, height, width): what is
    /// known of the picture, and its sketch, where it has channels for them.
    private func shown(
        _ known: KnownSample?, to config: UNet2DConditionConfig, for stage: Stage
    ) throws -> [Tensor] {
        let size = Array(stage.space.shape.suffix(2))
        var shown: [Tensor] = []
        if config.inpaintingChannels > 0 {
            // Where nothing is known, the picture and the mask are zero.
            shown.append(
                self.shown(known) ?? .zeros([batch(of: stage), config.inpaintingChannels] + size, device: model.device))
        }
        if let side = config.sketchSize {
            let sketches = try plan.need(sketches, "a sketcher")
            guard sketches.size(2) == side, sketches.size(3) == side else {
                throw PlanError(
                    "the decoder is to be shown sketches of \(side) pixels, and the sketcher draws \(sketches.size(2))")
            }
            shown.append(Sketch.shown(sketches, size: size))
        }
        return shown
    }

    /// RGB · mask and the mask, for a network that has the channels (Nichol et al. 2022, section 3.2).
    private func shown(_ known: KnownSample?) -> Tensor? {
        guard let known, known.isConditioned else { return nil }
        let size = known.picture.shape
        return Tensor.cat([known.picture * known.mask, known.mask.expand([size[0], 1, size[2], size[3]])], dim: 1)
    }

    private func decoderConditions(guided: Bool, candidates: Int) throws -> UNetConditions {
        let projection = try model.textProjection
        let rows = textRows(guided: guided, candidates: candidates)
        let embeds = try observe(
            "text_proj/image_embeddings", try imageEmbeddings().repeatingRows(candidates))
        let textEmbeds = try observe("text_proj/prompt_embeds", rows.embeds)
        let projected = projection(
            imageEmbeds: guided ? projection.guided(embeds) : embeds, textEmbeds: textEmbeds, textStates: rows.states)
        return UNetConditions(
            context: try observe("text_proj/encoder_hidden_states", projected.context),
            contextMask: projection.contextMask(rows.mask),
            timeEmbedding: try observe("text_proj/additive_clip_time_embeddings", projected.timeEmbedding))
    }

    private func textRows(guided: Bool, candidates: Int) -> PriorText {
        text.rows(TextRows(pictures: plan.picturesPerSubject, candidates: candidates), guided: guided)
    }

    // MARK: Upsampler

    private func upsamplerDenoiser(_ stage: Stage) throws -> Denoiser {
        let shape = stage.space.shape
        // The smaller picture, clamped and enlarged, comes after the noisy channels.
        let enlarged = try plan.need(picture, "a decoder").clamp(min: -1, max: 1)
            .interpolate(size: Array(shape.suffix(2)), mode: .bicubic, antialias: true)
        let low = try observe("\(stage.name)/image_upscaled", enlarged).to(model.dtype)
        return stage.denoiser(observe) { [model] sample, step in
            let input = Tensor.cat([sample.to(model.dtype), low], dim: 1)
            let network = try model.upsampler(step.isLast ? stage.lastNetwork : stage.network)
            return network(input, model.timesteps(step))
        }
    }
}

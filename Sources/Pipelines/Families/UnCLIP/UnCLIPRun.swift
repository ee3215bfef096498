import Diffusion
import Models
import Torch

/// One run of an unCLIP plan: text → image embedding → small picture → larger pictures (Ramesh et al. 2022; the order
/// and the shapes are those of diffusers' `UnCLIPPipeline` and `UnCLIPImageVariationPipeline`).
///
/// Rows are [unconditional, conditional] where the plan is guided, conditional alone where it is not.
final class UnCLIPRun: StageRun {
    private let plan: GenerationPlan
    private let model: UnCLIPModel
    private let observe: RunObserver
    private let text: EncodedTexts
    /// (count, width), not normalised; nil until the prior has run.
    private var imageEmbeds: Tensor?
    /// (count, 3, height, width) in −1…1: what the last picture stage made.
    private var picture: Tensor?

    init(_ plan: GenerationPlan, _ model: UnCLIPModel, _ observe: RunObserver) throws {
        self.plan = plan
        self.model = model
        self.observe = observe
        text = try EncodedTexts(plan, model, observe)
        switch plan.embedding {
        case .prior:
            break
        case .linear(let component):
            let embeds = try model.linearPrior(component)(text.rows(each: 1, guided: false).embeds)
            imageEmbeds = embeds.repeatInterleave(plan.picturesPerPrompt, dim: 0)
        case .pictures(let pictures):
            let embeds = try model.imageEmbeds(pictures, observe)
            imageEmbeds = embeds.repeatInterleave(plan.picturesPerPrompt, dim: 0)
        }
    }

    func batch(of stage: Stage) -> Int { plan.count * (stage.role == .prior ? candidates : 1) }

    private var candidates: Int {
        if case .prior(let candidates) = plan.embedding { candidates } else { 1 }
    }

    func denoiser(for stage: Stage) throws -> Denoiser {
        switch stage.role {
        case .prior: try priorDenoiser(stage)
        case .decoder: try decoderDenoiser(stage)
        case .upsampler: try upsamplerDenoiser(stage)
        }
    }

    func finish(_ stage: Stage, _ sample: Tensor) throws {
        switch stage.role {
        case .prior:
            let embeds = try model.prior(stage.network).postProcess(sample.to(model.dtype))
            imageEmbeds = bestCandidates(embeds)
        case .decoder, .upsampler:
            picture = sample
        }
    }

    func imageEmbeddings() throws -> Tensor { try need(imageEmbeds, "a prior") }

    func pictures() throws -> Tensor { try need(picture, "a decoder") }

    // MARK: Prior

    private func priorDenoiser(_ stage: Stage) throws -> Denoiser {
        let prior = try model.prior(stage.network)
        let rows = text.rows(each: plan.picturesPerPrompt * candidates, guided: stage.guidance != nil)
        let context = prior.prepare(rows)
        return guided(stage) { [model] sample, step in
            prior(sample.to(model.dtype), model.timesteps(step), context: context)
        }
    }

    /// Of each picture's candidates the one whose product with the text's embedding is largest
    /// (Ramesh et al. 2022, section 2.2).
    private func bestCandidates(_ embeds: Tensor) -> Tensor {
        guard candidates > 1 else { return embeds }
        let width = embeds.size(1)
        let text = text.rows(each: plan.picturesPerPrompt, guided: false).embeds.unsqueeze(2)
        let groups = embeds.reshape([plan.count, candidates, width])
        let best = groups.matmul(text).squeeze(2).argmax(dim: 1)
        return groups.gather(dim: 1, index: best.reshape([-1, 1, 1]).expand([-1, 1, width])).squeeze(1)
    }

    // MARK: Decoder

    private func decoderDenoiser(_ stage: Stage) throws -> Denoiser {
        let decoder = try model.decoder(stage.network)
        let context = try decoder.prepare(try decoderConditions(guided: stage.guidance != nil))
        let known = decoder.config.inpaintingChannels
        return guided(stage) { [model] sample, step in
            var input = sample.to(model.dtype)
            if known > 0 {
                // Nothing is known of the picture: its channels and the mask are zero.
                input = input.constantPad([0, 0, 0, 0, 0, known])
            }
            return decoder(input, model.timesteps(step), context: context)
        }
    }

    private func decoderConditions(guided: Bool) throws -> UNetConditions {
        let projection = try model.textProjection
        let rows = text.rows(each: plan.picturesPerPrompt, guided: guided)
        let embeds = try observe("text_proj/image_embeddings", try imageEmbeddings())
        let textEmbeds = try observe("text_proj/prompt_embeds", rows.embeds)
        let projected = projection(
            imageEmbeds: guided ? projection.guided(embeds) : embeds, textEmbeds: textEmbeds, textStates: rows.states)
        return UNetConditions(
            context: try observe("text_proj/encoder_hidden_states", projected.context),
            contextMask: projection.contextMask(rows.mask),
            timeEmbedding: try observe("text_proj/additive_clip_time_embeddings", projected.timeEmbedding))
    }

    // MARK: Upsampler

    private func upsamplerDenoiser(_ stage: Stage) throws -> Denoiser {
        let first = try model.upsampler(stage.network)
        let last = try model.upsampler(stage.lastNetwork)
        let shape = stage.space.shape
        // The smaller picture, clamped and enlarged, comes after the noisy channels.
        let enlarged = try need(picture, "a decoder").clamp(min: -1, max: 1)
            .interpolate(size: Array(shape.suffix(2)), mode: .bicubic, antialias: true)
        let low = try observe("\(stage.name)/image_upscaled", enlarged).to(model.dtype)
        return guided(stage) { [model] sample, step in
            let input = Tensor.cat([sample.to(model.dtype), low], dim: 1)
            return (step.isLast ? last : first)(input, model.timesteps(step))
        }
    }

    // MARK: Guidance

    /// A denoiser of the stage's samples from one of its rows.
    private func guided(_ stage: Stage, _ network: @escaping Denoiser) -> Denoiser {
        let guidance = stage.guidance.map { ClassifierFreeGuidance(scale: $0) }
        return { [observe] sample, step in
            let rows = guidance == nil ? sample : Tensor.cat([sample, sample], dim: 0)
            let name = "\(stage.network(at: step.index))/\(numbered("call", step.index))/raw"
            let raw = try observe(name, try network(rows, step).to(.float32))
            let output = guidance?.combine(raw, channels: sample.size(1)) ?? raw
            return try observe("\(stage.name)/\(numbered("step", step.index))/guided", output)
        }
    }

    private func need(_ value: Tensor?, _ maker: String) throws -> Tensor {
        guard let value else {
            throw PlanError("the plan has a stage that needs what \(maker) makes, and no such stage before it")
        }
        return value
    }
}

import Diffusion
import ImageGeneration
import Imaging
import Models
import Torch

/// One run of a Kandinsky 2.2 plan: text → image embedding → latents → picture. The order and the shapes are those of
/// diffusers' `KandinskyV22PriorPipeline`, `KandinskyV22Pipeline` and its two relatives.
///
/// The U-Net knows the prompt by its image embedding alone. Rows are [unconditional, conditional] where the plan is
/// guided.
final class Kandinsky22Run: StageRun {
    private let plan: GenerationPlan
    private let model: Kandinsky22Model
    private let observe: RunObserver
    /// The texts that the prior reads: of each subject its own, then the negative one where there is one.
    private let texts: EncodedTexts?
    private let textsPerSubject: Int
    private var embedding: SubjectEmbedding
    /// What guidance leads away from: (count, width).
    private var negative: Tensor?
    private var latents: Tensor?

    /// Where the zero embedding comes from, (1, width).
    private let zeroEmbeds: (RunObserver) throws -> Tensor

    /// - Parameters:
    ///   - given: image embeddings, (1, width), that take the place of the prior's.
    ///   - zeroEmbeds: what gives the zero embedding; nil: the model.
    init(
        _ plan: GenerationPlan, _ model: Kandinsky22Model, _ observe: RunObserver, given: Tensor? = nil,
        zeroEmbeds: ((RunObserver) throws -> Tensor)? = nil
    ) throws {
        self.zeroEmbeds = zeroEmbeds ?? model.zeroEmbeds
        self.plan = plan
        self.model = model
        self.observe = observe
        embedding = SubjectEmbedding(
            texts: nil, pictures: try model.pictureEmbeds(of: plan, observe),
            differences: try model.differences(of: plan))
        let hasPrior = plan.stages.contains { $0.role == .prior }
        let perSubject = plan.subjects.map { $0.embedding.texts + (plan.hasNegative ? [plan.negative] : []) }
        textsPerSubject = perSubject.first?.count ?? 0
        guard perSubject.allSatisfy({ [textsPerSubject] in $0.count == textsPerSubject }) else {
            throw PlanError("the plan's subjects have different numbers of texts")
        }
        texts =
            hasPrior
            ? try EncodedTexts(
                perSubject.flatMap { $0 }, negative: plan.isGuided ? plan.negative : nil, model, observe,
                names: .init(conditional: "prompt")) : nil
        if let given {
            embedding = embedding.with(texts: given.to(model.device).expand([plan.count, -1]), of: 1)
        }
    }

    func batch(of stage: Stage) -> Int {
        plan.count * (stage.role == .prior ? textsPerSubject * candidates : 1)
    }

    private var candidates: Int {
        if case .prior(let candidates) = plan.texts { candidates } else { 1 }
    }

    func denoiser(for stage: Stage, known: KnownSample?) throws -> Denoiser {
        switch stage.role {
        case .prior: try priorDenoiser(stage)
        case .decoder: try decoderDenoiser(stage, known: known)
        case .upsampler: throw PlanError("Kandinsky 2.2 has no upsamplers")
        }
    }

    func finish(_ stage: Stage, _ sample: Tensor) throws {
        switch stage.role {
        case .prior:
            let drawn = try model.prior(stage.network).postProcess(sample.to(model.dtype))
            let best = try bestCandidates(
                drawn, texts: plan.need(texts, "a text").rows(textRows(candidates: 1), guided: false), of: candidates)
            take(best)
        case .decoder, .upsampler:
            latents = sample
        }
    }

    /// The prior's rows, of each picture its subject's texts and then the negative one.
    private func take(_ rows: Tensor) {
        guard plan.hasNegative else {
            embedding = embedding.with(texts: rows, of: textsPerSubject)
            return
        }
        let grouped = rows.reshape([-1, textsPerSubject, rows.size(1)])
        negative = grouped.select(dim: 1, index: textsPerSubject - 1)
        guard textsPerSubject > 1 else { return }
        embedding = embedding.with(
            texts: grouped.narrow(dim: 1, start: 0, length: textsPerSubject - 1).reshape([-1, rows.size(1)]),
            of: textsPerSubject - 1)
    }

    func imageEmbeddings() throws -> Tensor {
        try observe("image_embeds", try embedding.embeddings(of: plan).to(model.dtype))
    }

    /// (count, width)
    func negativeEmbeddings() throws -> Tensor {
        let embeds = try negative ?? zeroEmbeds(observe).expand([plan.count, -1])
        return try observe("negative_image_embeds", embeds.to(model.dtype))
    }

    private func textRows(candidates: Int) -> TextRows {
        TextRows(textsPerSubject: textsPerSubject, pictures: plan.picturesPerSubject, candidates: candidates)
    }

    private func priorDenoiser(_ stage: Stage) throws -> Denoiser {
        let prior = try model.prior(stage.network)
        let rows = try plan.need(texts, "a text").rows(
            textRows(candidates: candidates), guided: stage.guidance != nil)
        _ = try observe("text/mask", rows.mask)
        let context = prior.prepare(rows)
        return stage.denoiser(observe) { [model] sample, step in
            prior(sample.to(model.dtype), model.timesteps(step), context: context)
        }
    }

    private func decoderDenoiser(_ stage: Stage, known: KnownSample?) throws -> Denoiser {
        let decoder = try model.decoder(stage.network)
        let positive = try imageEmbeddings()
        let embeds =
            stage.guidance == nil ? positive : Tensor.cat([try negativeEmbeddings(), positive], dim: 0)
        let context = try decoder.prepare(
            UNetConditions(imageEmbeds: try observe("unet/image_embeds", embeds)))
        let shown = shown(known, rows: stage.guidance == nil ? 1 : 2)
        return stage.denoiser(observe) { [model, observe] sample, step in
            let rows = sample.to(model.dtype)
            let input = shown.map { Tensor.cat([rows, $0], dim: 1) } ?? rows
            _ = try observe("\(stage.network)/\(numbered("call", step.index))/sample", input)
            return decoder(input, model.timesteps(step), context: context)
        }
    }

    /// The known latents times the mask, and the mask, for a network that has the channels.
    private func shown(_ known: KnownSample?, rows: Int) -> Tensor? {
        guard let known, known.isConditioned else { return nil }
        let size = known.picture.shape
        let mask = known.mask.expand([size[0], 1, size[2], size[3]])
        return Tensor.cat([known.picture * known.mask, mask], dim: 1).tile([rows, 1, 1, 1]).to(model.dtype)
    }

    func encode(_ pictures: Tensor, for stage: Stage) throws -> Tensor {
        let size = stage.space.pictureSize.map { [$0.height, $0.width] } ?? [pictures.size(2), pictures.size(3)]
        let fitting =
            [pictures.size(2), pictures.size(3)] == size
            ? pictures : pictures.interpolate(size: size, mode: .bicubic, antialias: true).clamp(min: -1, max: 1)
        let input = try observe("movq_encode/in", fitting)
        return try observe(
            "movq_encode/latents", model.autoencoder.encode(input.to(model.dtype).to(model.device)).to(.float32))
    }

    func decode(_ samples: Tensor, for stage: Stage) throws -> Tensor {
        stage.role == .decoder ? try model.autoencoder.decode(samples.to(model.dtype)).to(.float32) : samples
    }

    func pictures() throws -> Tensor {
        let input = try observe("movq_decode/in", try plan.need(latents, "a decoder"))
        return try observe("movq_decode/out", model.autoencoder.decode(input.to(model.dtype)).to(.float32))
    }
}

extension GenerationPlan {
    /// Whether a negative text of its own is led away from, through the prior.
    fileprivate var hasNegative: Bool {
        isGuided && !negative.isEmpty && stages.contains { $0.role == .prior }
    }
}

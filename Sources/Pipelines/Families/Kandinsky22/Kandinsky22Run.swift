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
    private let source: EmbeddingSource
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
        let opposite = plan.hasNegative ? plan.negative : nil
        let negative = plan.isGuided ? plan.negative : nil
        var read: EncodedTexts?
        if plan.stages.contains(where: { $0.role == .prior }) {
            let texts = plan.priorTexts(opposite: opposite)
            let encoded = try EncodedTexts(
                texts.flatMap { $0 }, negative: negative, model, observe, names: .init(conditional: "prompt"))
            let rows = TextRows(textsPerSubject: texts.first?.count ?? 0, pictures: plan.picturesPerSubject)
            _ = try observe("text/mask", encoded.rows(rows, guided: plan.isGuided).mask)
            read = encoded
        }
        source = try EmbeddingSource(plan, model, negative: negative, opposite: opposite, read: read, observe)
        if let given { source.take(given) }
    }

    func batch(of stage: Stage) -> Int { stage.role == .prior ? source.batch(of: stage) : plan.count }

    func denoiser(for stage: Stage, known: KnownSample?) throws -> Denoiser {
        switch stage.role {
        case .prior: try source.denoiser(for: stage)
        case .decoder: try decoderDenoiser(stage, known: known)
        case .sketcher, .upsampler: throw PlanError("Kandinsky 2.2 draws in one stage after the prior")
        }
    }

    func finish(_ stage: Stage, _ sample: Tensor) throws {
        if stage.role == .prior { try source.finish(stage, sample) } else { latents = sample }
    }

    func imageEmbeddings() throws -> Tensor { try observe("image_embeds", try source.imageEmbeddings()) }

    /// (count, width)
    func negativeEmbeddings() throws -> Tensor {
        let embeds = try source.opposite ?? zeroEmbeds(observe).expand([plan.count, -1])
        return try observe("negative_image_embeds", embeds.to(model.dtype))
    }

    private func decoderDenoiser(_ stage: Stage, known: KnownSample?) throws -> Denoiser {
        let positive = try imageEmbeddings()
        let embeds =
            stage.guidance == nil ? positive : Tensor.cat([try negativeEmbeddings(), positive], dim: 0)
        let decoder = try model.decoder(stage.network)
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

    func known(_ mask: [Float], width: Int, height: Int) -> [Float] {
        InpaintingMask.grown(mask, width: width, height: height)
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
    var hasNegative: Bool {
        isGuided && !negative.isEmpty && stages.contains { $0.role == .prior }
    }
}

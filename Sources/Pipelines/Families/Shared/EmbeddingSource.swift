import Diffusion
import ImageGeneration
import Imaging
import Models
import Torch

/// The image embeddings of a run's subjects in the making: what CLIP sees of pictures, and what the prior's stage or a
/// linear map makes of texts (Ramesh et al. 2022, section 2.2).
final class EmbeddingSource {
    private let plan: GenerationPlan
    private let model: any EmbeddingModel
    private let observe: RunObserver
    /// The texts that become embeddings; nil where there are none.
    private let texts: EncodedTexts?
    private let textsPerSubject: Int
    private var embedding: SubjectEmbedding

    /// - Parameters:
    ///   - negative: what the unconditional rows of the prior read; nil where nothing is guided.
    ///   - read: texts that were encoded already, with the same `negative`.
    init(
        _ plan: GenerationPlan, _ model: any EmbeddingModel, negative: String?, read: EncodedTexts?,
        _ observe: RunObserver
    ) throws {
        self.plan = plan
        self.model = model
        self.observe = observe
        let each = plan.subjects.map(\.embedding.texts)
        textsPerSubject = each.first?.count ?? 0
        guard each.allSatisfy({ [textsPerSubject] in $0.count == textsPerSubject }) else {
            throw PlanError("the plan's subjects have different numbers of texts")
        }
        let all = each.flatMap { $0 }
        texts =
            all.isEmpty ? nil : all == read?.texts ? read : try EncodedTexts(all, negative: negative, model, .none)
        embedding = SubjectEmbedding(
            texts: nil, pictures: try model.pictureEmbeds(of: plan, observe),
            differences: try model.differences(of: plan))
        if case .linear(let component) = plan.texts, let texts {
            let rows = texts.rows(rows(candidates: 1), guided: false)
            embedding = embedding.with(texts: try model.linearPrior(component)(rows.embeds), of: textsPerSubject)
        }
    }

    /// How many samples the prior's stage draws.
    var batch: Int { plan.count * textsPerSubject * candidates }

    /// (pictures, width) in the model's dtype, not normalised.
    func imageEmbeddings() throws -> Tensor { try embedding.embeddings(of: plan).to(model.dtype) }

    /// The prior's denoiser. What depends neither on the step nor on what is denoised is computed here, once.
    func denoiser(for stage: Stage) throws -> Denoiser {
        let prior = try model.prior(stage.network)
        let texts = try plan.need(texts, "a text")
        let context = prior.prepare(texts.rows(rows(candidates: candidates), guided: stage.guidance != nil))
        return stage.denoiser(observe) { [model] sample, step in
            prior(sample.to(model.dtype), model.timesteps(step), context: context)
        }
    }

    /// Takes what the prior's stage drew.
    func finish(_ stage: Stage, _ sample: Tensor) throws {
        let embeds = try model.prior(stage.network).postProcess(sample.to(model.dtype))
        let read = try plan.need(texts, "a text").rows(rows(candidates: 1), guided: false)
        embedding = embedding.with(
            texts: try bestCandidates(embeds, texts: read, of: candidates), of: textsPerSubject)
    }

    private var candidates: Int {
        if case .prior(let candidates) = plan.texts { candidates } else { 1 }
    }

    private func rows(candidates: Int) -> TextRows {
        TextRows(textsPerSubject: textsPerSubject, pictures: plan.picturesPerSubject, candidates: candidates)
    }
}

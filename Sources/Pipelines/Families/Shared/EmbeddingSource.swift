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
    private let hasOpposite: Bool
    private var embedding: SubjectEmbedding
    /// What the prior makes of the text that pictures are led away from, (pictures, width), after its stage.
    private(set) var opposite: Tensor?

    /// - Parameters:
    ///   - negative: what the unconditional rows of the prior read; nil where nothing is guided.
    ///   - opposite: a text whose embedding the prior makes too, for each picture; nil for none.
    ///   - read: texts that were encoded already, with the same `negative`.
    init(
        _ plan: GenerationPlan, _ model: any EmbeddingModel, negative: String?, opposite: String? = nil,
        read: EncodedTexts?, _ observe: RunObserver
    ) throws {
        self.plan = plan
        self.model = model
        self.observe = observe
        hasOpposite = opposite != nil
        let each = plan.priorTexts(opposite: opposite)
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
    func batch(of stage: Stage) -> Int { plan.count * textsPerSubject * stage.candidates }

    /// (pictures, width) in the model's dtype, not normalised.
    func imageEmbeddings() throws -> Tensor { try embedding.embeddings(of: plan).to(model.dtype) }

    /// The prior's denoiser. What depends neither on the step nor on what is denoised is computed here, once.
    func denoiser(for stage: Stage) throws -> Denoiser {
        let prior = try model.prior(stage.network)
        let texts = try plan.need(texts, "a text")
        let context = prior.prepare(texts.rows(rows(candidates: stage.candidates), guided: stage.guidance != nil))
        return stage.denoiser(observe) { [model] sample, step in
            prior(sample.to(model.dtype), model.timesteps(step), context: context)
        }
    }

    /// Takes what the prior's stage drew.
    func finish(_ stage: Stage, _ sample: Tensor) throws {
        let embeds = try model.prior(stage.network).postProcess(sample.to(model.dtype))
        let read = try plan.need(texts, "a text").rows(rows(candidates: 1), guided: false)
        let best = bestCandidates(embeds, embeds: embeds, goals: read.embeds, of: stage.candidates)
        guard hasOpposite else {
            embedding = embedding.with(texts: best, of: textsPerSubject)
            return
        }
        let (own, width) = (textsPerSubject - 1, best.size(1))
        let grouped = best.reshape([-1, textsPerSubject, width])
        opposite = grouped.select(dim: 1, index: own)
        guard own > 0 else { return }
        embedding = embedding.with(
            texts: grouped.narrow(dim: 1, start: 0, length: own).reshape([-1, width]), of: own)
    }

    /// Takes embeddings, (1, width), in the place of what a prior would make.
    func take(_ embeds: Tensor) {
        embedding = embedding.with(texts: embeds.to(model.device).expand([plan.count, -1]), of: 1)
    }

    private func rows(candidates: Int) -> TextRows {
        TextRows(textsPerSubject: textsPerSubject, pictures: plan.picturesPerSubject, candidates: candidates)
    }
}

extension GenerationPlan {
    /// What the prior reads, subject by subject: its own texts, then the opposite.
    func priorTexts(opposite: String?) -> [[String]] {
        subjects.map { $0.embedding.texts + [opposite].compactMap { $0 } }
    }
}

import Models
import Torch

/// What is said of the parts of a run's pictures, as CLIP reads it and as the linear prior makes a picture's embedding of
/// it. A picture that is not taken apart is its only part.
struct EncodedParts {
    private let plan: GenerationPlan
    private let texts: EncodedTexts
    /// (subjects · parts, width), not normalised; nil where the pictures' own embeddings are those of their parts.
    private let images: Tensor?

    /// - Parameters:
    ///   - negative: what the unconditional rows read; nil where nothing is guided.
    ///   - read: the prompts, which were encoded already, with the same `negative`.
    init(_ plan: GenerationPlan, _ model: any EmbeddingModel, negative: String?, read: EncodedTexts) throws {
        self.plan = plan
        let said = plan.subjects.flatMap(\.partTexts)
        texts = said == read.texts ? read : try EncodedTexts(said, negative: negative, model, .none)
        guard plan.partsPerPicture > 1 else {
            images = nil
            return
        }
        guard case .linear(let prior) = plan.texts else {
            throw PlanError("the plan takes pictures apart and has no linear prior for their parts")
        }
        images = try model.linearPrior(prior)(texts.rows(TextRows(pictures: 1), guided: false).embeds)
    }

    /// The texts' embeddings, (count · candidates · parts, width); unconditional rows first where guided.
    func textEmbeds(of stage: Stage, guided: Bool) -> Tensor { texts.rows(rows(of: stage), guided: guided).embeds }

    /// The parts' image embeddings, (count · candidates · parts, width).
    /// - Parameter pictures: the pictures' own, (count, width)
    func imageEmbeds(of stage: Stage, pictures: Tensor) -> Tensor {
        images.map(rows(of: stage).expand)?.to(pictures.dtype) ?? pictures.repeatingRows(stage.candidates)
    }

    private func rows(of stage: Stage) -> TextRows {
        TextRows(textsPerSubject: plan.partsPerPicture, pictures: plan.picturesPerSubject * stage.candidates)
    }
}

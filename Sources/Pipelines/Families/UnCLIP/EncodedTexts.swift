import Models
import Tokenizers
import Torch

/// A plan's texts through the text encoder, each once.
struct EncodedTexts {
    /// One row a prompt.
    private let conditional: PriorText
    /// The same number of rows of the negative text; nil where the plan is not guided.
    private let unconditional: PriorText?

    init(_ plan: GenerationPlan, _ model: UnCLIPModel, _ observe: RunObserver) throws {
        conditional = try Self.encode(plan.prompts, "cond", model, observe)
        unconditional =
            plan.isGuided
            ? try Self.encode(plan.prompts.map { _ in plan.negative }, "uncond", model, observe) : nil
        _ = try observe("text/mask", rows(each: plan.picturesPerPrompt, guided: plan.isGuided).mask)
    }

    /// Every row repeated `each` times; where guided, unconditional rows first.
    func rows(each: Int, guided: Bool) -> PriorText {
        func expanded(_ property: KeyPath<PriorText, Tensor>) -> Tensor {
            let rows = [guided ? unconditional : nil, conditional].compactMap { $0?[keyPath: property] }
            return Tensor.cat(rows.map { $0.repeatInterleave(each, dim: 0) }, dim: 0)
        }
        return PriorText(embeds: expanded(\.embeds), states: expanded(\.states), mask: expanded(\.mask))
    }

    /// The attention mask goes to the prior and the decoder; the text encoder itself is given none.
    private static func encode(
        _ texts: [String], _ row: String, _ model: UnCLIPModel, _ observe: RunObserver
    ) throws -> PriorText {
        let tokens = try texts.map { try model.tokenizer.encode($0) }
        let shape = [texts.count, try model.tokenizer.contextLength]
        let ids = try observe("text/\(row)/input_ids", Tensor(tokens.flatMap { $0.ids.map(Int64.init) }, shape: shape))
        let mask = Tensor(tokens.flatMap(\.mask), shape: shape).to(model.device)
        let output = try model.textEncoder(ids.to(model.device))
        return PriorText(
            embeds: try observe("text/\(row)/text_embeds", output.textEmbeds),
            states: try observe("text/\(row)/last_hidden_state", output.lastHiddenState), mask: mask)
    }
}

import Diffusion
import Models
import Tokenizers
import Torch

/// One run of a DALL·E mini plan: text → image tokens → picture (min-dalle's `MinDalle`).
final class DalleMiniRun: StageRun {
    private let plan: GenerationPlan
    private let model: DalleMiniModel
    private let observe: RunObserver
    /// (2 · texts, …): the unconditional rows first.
    private let states: Tensor
    private let mask: Tensor
    private var tokens: Tensor?

    init(_ plan: GenerationPlan, _ model: DalleMiniModel, _ observe: RunObserver) throws {
        (self.plan, self.model, self.observe) = (plan, model, observe)
        let (tokenizer, encoder) = (try model.tokenizer, try model.encoder)
        let length = encoder.config.textLength
        let texts = plan.subjects.map { tokenizer.encode($0.prompt, contextLength: length).ids }
        // The unconditional text is the start token and the last one: a text that was cut has lost its end token.
        let empty = plan.subjects.indices.map { index in
            let last = texts[index].last { $0 != tokenizer.padID } ?? tokenizer.endID
            return [tokenizer.startID, last] + Array(repeating: tokenizer.padID, count: length - 2)
        }
        let ids = try observe(
            "text_tokens", Tensor((empty + texts).flatMap { $0.map(Int64.init) }, shape: [2 * texts.count, length]))
        mask = ids.eq(scalar: Double(tokenizer.padID)).logicalNot().to(model.device)
        states = try observe("encoder_state", encoder(ids.to(model.device), mask: mask))
    }

    func batch(of stage: Stage) -> Int { plan.count }

    func predictor(for stage: Stage) throws -> TokenPredictor {
        let decoder = try model.decoder(stage.network)
        let codes = try model.codes
        // Tokens that no text has are seen by none.
        let length = try mask.to(.int64).sum(dims: [1]).amax().item()
        let pictures = TextRows(pictures: plan.picturesPerSubject)
        let isGuided = stage.guidance != nil
        let rows = { (all: Tensor) in
            let texts = all.size(0) / 2
            let used = isGuided ? all : all.narrow(dim: 0, start: texts, length: texts)
            return pictures.expand(used.narrow(dim: 1, start: 0, length: Int(length)))
        }
        let memory = decoder.begin(states: rows(states), mask: rows(mask))
        let guidance = stage.guidance.map { ClassifierFreeGuidance(scale: $0) }
        return { [observe] last, step in
            let ids = guidance == nil ? last : Tensor.cat([last, last], dim: 0)
            let logits = try observe(
                "\(stage.name)/\(numbered("logits", step.index))",
                decoder(ids, position: step.index, memory: memory).to(.float32))
            // Mega's network has more tokens than its VQGAN has codes.
            let known = logits.narrow(dim: 1, start: 0, length: min(codes, logits.size(1)))
            return guidance?.combine(known, channels: known.size(1)) ?? known
        }
    }

    func encode(_ pictures: Tensor, for stage: Stage) throws -> Tensor {
        throw PlanError("the stage \(stage.name) begins with no picture")
    }

    /// Of tokens that are not all there yet, the rows that are; below them it is white.
    func decode(_ samples: Tensor, for stage: Stage) throws -> Tensor {
        guard case .tokens(let height, let width, let factor) = stage.space else {
            throw PlanError("the stage \(stage.name) draws no tokens")
        }
        let count = samples.size(0)
        let known = try samples.ge(scalar: 0).to(.int64).sum(dims: [1]).amin().item()
        let rows = Int(known) / width
        let white = Tensor.full([count, 3, (height - rows) * factor, width * factor], 1).to(samples.device)
        guard rows > 0 else { return white }
        let finished = samples.narrow(dim: 1, start: 0, length: rows * width).reshape([count, rows, width])
        return Tensor.cat([try pictures(of: finished), white], dim: 2)
    }

    func finish(_ stage: Stage, _ sample: Tensor) throws {
        guard case .tokens(let height, let width, _) = stage.space else {
            throw PlanError("the stage \(stage.name) draws no tokens")
        }
        tokens = try observe("tokens", sample).reshape([-1, height, width])
    }

    func imageEmbeddings() throws -> Tensor { throw PlanError("DALL·E mini has no image embeddings") }

    func pictures() throws -> Tensor { try pictures(of: try plan.need(tokens, "a decoder")) }

    /// (count, 3, height, width) float32 in −1…1
    private func pictures(of tokens: Tensor) throws -> Tensor {
        try model.detokenizer(tokens).to(.float32).clamp(min: 0, max: 1) * 2 - 1
    }
}

import Models
import Tokenizers
import Torch

/// A plan's texts through the text encoder, each once.
struct EncodedTexts {
    let texts: [String]
    /// One row a text.
    private let conditional: PriorText
    /// The same number of rows of the negative text; nil where nothing is guided.
    private let unconditional: PriorText?

    /// What observers see the two encodings as.
    struct Names {
        var conditional = "cond"
        var unconditional = "uncond"
    }

    /// - Parameter negative: what the unconditional rows read; nil where nothing is guided.
    init(
        _ texts: [String], negative: String?, _ model: any TextReader, _ observe: RunObserver, names: Names = Names()
    ) throws {
        self.texts = texts
        conditional = try Self.encode(texts, names.conditional, model, observe)
        unconditional = try negative.map { negative in
            try Self.encode(texts.map { _ in negative }, names.unconditional, model, observe)
        }
    }

    /// Every subject's texts for every one of its pictures; where guided, unconditional rows first.
    func rows(_ layout: TextRows, guided: Bool) -> PriorText {
        func expanded(_ property: KeyPath<PriorText, Tensor>) -> Tensor {
            let rows = [guided ? unconditional : nil, conditional].compactMap { $0?[keyPath: property] }
            return Tensor.cat(rows.map(layout.expand), dim: 0)
        }
        return PriorText(embeds: expanded(\.embeds), states: expanded(\.states), mask: expanded(\.mask))
    }

    /// The attention mask goes to the prior and the decoder; the text encoder itself is given none.
    private static func encode(
        _ texts: [String], _ row: String, _ model: any TextReader, _ observe: RunObserver
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

/// How the rows of a batch follow from texts: for each subject, each of its pictures, each of its texts, each candidate.
struct TextRows {
    var textsPerSubject = 1
    var pictures: Int
    var candidates = 1

    /// - Parameter texts: (subjects · textsPerSubject, …).
    /// - Returns: (subjects · pictures · textsPerSubject · candidates, …).
    func expand(_ texts: Tensor) -> Tensor {
        let rest = Array(texts.shape.dropFirst())
        let subjects = texts.size(0) / max(1, textsPerSubject)
        return texts.reshape([subjects, 1, textsPerSubject, 1] + rest)
            .expand([subjects, pictures, textsPerSubject, candidates] + rest).reshape([-1] + rest)
    }
}

import Diffusion
import ImageGeneration
import Imaging
import Torch

/// The image embeddings of a run's subjects, from what the prior made of texts and CLIP of pictures.
struct SubjectEmbedding {
    /// The prior's answers: (pictures, texts of a subject, width); nil where there are none.
    let texts: Tensor?
    /// CLIP's embeddings, (1, width) each, of the pictures that subjects name.
    let pictures: [ImageBuffer: Tensor]
    /// norm(z_to − z_from), (1, width), by the two texts.
    let differences: [TextPair: Tensor]

    struct TextPair: Hashable {
        let from: String
        let to: String
    }

    /// With the prior's rows, (pictures · count, width), `count` for each picture.
    func with(texts rows: Tensor, of count: Int) -> SubjectEmbedding {
        SubjectEmbedding(
            texts: rows.reshape([-1, max(1, count), rows.size(1)]), pictures: pictures, differences: differences)
    }

    /// (pictures, width), subject by subject.
    func embeddings(of plan: GenerationPlan) throws -> Tensor {
        let each = plan.picturesPerSubject
        return try Tensor.cat(
            plan.subjects.enumerated().map { index, subject in
                let answers = texts?.narrow(dim: 0, start: index * each, length: each)
                var used = 0
                return try embedding(subject.embedding, rows: each) {
                    defer { used += 1 }
                    guard let answers else { throw PlanError("a text's embedding is needed and the plan has no prior") }
                    return answers.select(dim: 1, index: used)
                }
            }, dim: 0)
    }

    /// - Parameter answer: the prior's rows for the subject's next text.
    private func embedding(
        _ source: Subject.Embedding, rows: Int, answer: () throws -> Tensor
    ) throws -> Tensor {
        switch source {
        case .text:
            return try answer()
        case .picture(let picture):
            return try known(pictures[picture]).expand([rows, -1])
        case .blend(let parts):
            let tensors = try parts.map { try embedding($0.embedding, rows: rows, answer: answer) }
            return try Spherical.blend(tensors, weights: Array(repeating: parts.map(\.weight), count: rows))
        case .moved(let start, let from, let to, let amount):
            let begin = try embedding(start, rows: rows, answer: answer).to(.float32)
            let towards = try known(differences[TextPair(from: from, to: to)]).to(.float32)
            // The difference has length 1; the embedding keeps its own.
            let aim = (towards * begin.norm(dims: [1], keepDim: true)).expand(begin.shape)
            return try Spherical.slerp(begin, aim, shares: Array(repeating: amount, count: rows))
        }
    }

    private func known(_ tensor: Tensor?) throws -> Tensor {
        guard let tensor else { throw PlanError("an embedding is needed that was not computed") }
        return tensor
    }
}

extension Subject.Embedding {
    /// The pairs of texts whose difference is needed.
    var differences: [SubjectEmbedding.TextPair] {
        switch self {
        case .text, .picture: []
        case .blend(let parts): parts.flatMap(\.embedding.differences)
        case .moved(let embedding, let from, let to, _): embedding.differences + [.init(from: from, to: to)]
        }
    }
}

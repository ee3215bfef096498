import Models
import Torch

/// Of each text's candidates the one whose product with the text's embedding is largest
/// (Ramesh et al. 2022, section 2.2).
///
/// - Parameters:
///   - embeds: (texts · count, width): the prior's answers
///   - texts: one row a text
/// - Returns: (texts, width)
func bestCandidates(_ embeds: Tensor, texts: PriorText, of count: Int) throws -> Tensor {
    bestCandidates(embeds, embeds: embeds, goals: texts.embeds, of: count)
}

/// Of each goal's candidates the one whose embedding has the largest cosine with the goal.
///
/// - Parameters:
///   - samples: (goals · count, …)
///   - embeds: (goals · count, width): what CLIP sees in the samples
///   - goals: (goals, width)
/// - Returns: (goals, …)
func nearestCandidates(_ samples: Tensor, embeds: Tensor, goals: Tensor, of count: Int) throws -> Tensor {
    bestCandidates(
        samples, embeds: embeds.to(.float32).normalize(dim: 1), goals: goals.to(.float32).normalize(dim: 1), of: count)
}

private func bestCandidates(_ samples: Tensor, embeds: Tensor, goals: Tensor, of count: Int) -> Tensor {
    guard count > 1 else { return samples }
    let width = embeds.size(1)
    let best = embeds.reshape([-1, count, width]).matmul(goals.unsqueeze(2)).squeeze(2).argmax(dim: 1)
    let firsts = Tensor((0..<goals.size(0)).map { Int64($0 * count) }).to(best.device)
    return samples.indexSelect(dim: 0, indices: firsts + best)
}

extension Tensor {
    /// Every row `count` times: (rows · count, …).
    func repeatingRows(_ count: Int) -> Tensor {
        guard count > 1 else { return self }
        let rest = Array(shape.dropFirst())
        return unsqueeze(1).expand([size(0), count] + rest).reshape([-1] + rest)
    }

    /// The first of every `count` rows.
    func firstRows(of count: Int) -> Tensor {
        guard count > 1 else { return self }
        return reshape([-1, count] + shape.dropFirst()).select(dim: 1, index: 0)
    }
}

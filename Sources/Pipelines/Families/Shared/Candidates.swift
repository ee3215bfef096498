import Torch

/// Of each goal's candidates those whose embeddings' products with the goal are largest, the best first (Ramesh et al.
/// 2022, section 2.2).
///
/// - Parameters:
///   - samples: (goals · count, …)
///   - embeds: (goals · count, width), one for each sample
///   - goals: (goals, width)
/// - Returns: (goals · kept, …)
func bestCandidates(
    _ samples: Tensor, embeds: Tensor, goals: Tensor, of count: Int, keeping kept: Int = 1
) -> Tensor {
    guard count > kept else { return samples }
    let width = embeds.size(1)
    let products = embeds.reshape([-1, count, width]).matmul(goals.unsqueeze(2)).squeeze(2)
    let best = products.sortIndices(dim: 1, descending: true).narrow(dim: 1, start: 0, length: kept)
    let firsts = Tensor((0..<goals.size(0)).map { Int64($0 * count) }).to(best.device).unsqueeze(1)
    return samples.indexSelect(dim: 0, indices: (firsts + best).flatten(from: 0))
}

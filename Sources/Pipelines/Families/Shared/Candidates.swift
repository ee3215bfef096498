import Torch

/// Of each goal's candidates the one whose embedding's product with the goal is largest (Ramesh et al. 2022,
/// section 2.2).
///
/// - Parameters:
///   - samples: (goals · count, …)
///   - embeds: (goals · count, width), one for each sample
///   - goals: (goals, width)
/// - Returns: (goals, …)
func bestCandidates(_ samples: Tensor, embeds: Tensor, goals: Tensor, of count: Int) -> Tensor {
    guard count > 1 else { return samples }
    let width = embeds.size(1)
    let best = embeds.reshape([-1, count, width]).matmul(goals.unsqueeze(2)).squeeze(2).argmax(dim: 1)
    let firsts = Tensor((0..<goals.size(0)).map { Int64($0 * count) }).to(best.device)
    return samples.indexSelect(dim: 0, indices: firsts + best)
}

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
    guard count > 1 else { return embeds }
    let width = embeds.size(1)
    let groups = embeds.reshape([-1, count, width])
    let best = groups.matmul(texts.embeds.unsqueeze(2)).squeeze(2).argmax(dim: 1)
    return groups.gather(dim: 1, index: best.reshape([-1, 1, 1]).expand([-1, 1, width])).squeeze(1)
}

import Torch

/// KID, the kernel inception distance (Bińkowski et al. 2018): the squared maximum mean discrepancy of two sets of
/// embeddings under the kernel k(x, y) = (x·y + 1)³, here of unit vectors, so that it does not depend on their scale.
///
/// The estimate is unbiased: 0 on average for sets of one distribution, and below 0 about as often as above.
enum KernelDistance {
    /// - Parameters:
    ///   - embeddings: (n, width); these are resampled for the interval.
    ///   - reference: (m, width); taken as it is.
    /// - Returns: nil where either has less than two rows.
    static func estimate(_ embeddings: Tensor, against reference: Tensor, seed: UInt64 = 1) throws -> Estimate? {
        let (n, m) = (embeddings.size(0), reference.size(0))
        guard n > 1, m > 1 else { return nil }
        let x = embeddings.to(.float64).normalize(dim: -1)
        let y = reference.to(.float64).normalize(dim: -1)
        func kernel(_ a: Tensor, _ b: Tensor) -> Tensor { (a.matmul(b.transpose(0, 1)) + 1).pow(3) }
        let own = try kernel(x, x).doubles()
        let cross = try kernel(x, y).mean(dims: [1]).doubles()
        let between = kernel(y, y)
        let apart = try (between.sum() - between.diag().sum()).item() / Double(m * (m - 1))
        return Bootstrap.estimate(count: n, replicates: 300, seed: seed) { weights in
            apart + discrepancy(own: own, cross: cross, weights: weights)
        }
    }

    /// The part of the estimate that depends on the resampled rows: mean k(x, x′) − 2 · mean k(x, y). A row drawn
    /// twice is not compared with itself, which would bias the mean.
    /// - Parameter own: (n, n) kernel values; `cross`: (n) means over the reference.
    private static func discrepancy(own: [Double], cross: [Double], weights: [Double]) -> Double {
        let n = weights.count
        var (pairs, sum, toReference) = (0.0, 0.0, 0.0)
        for i in 0..<n where weights[i] > 0 {
            var line = 0.0
            for j in 0..<n { line += weights[j] * own[i * n + j] }
            sum += weights[i] * (line - weights[i] * own[i * n + i])
            pairs += weights[i] * (Double(n) - weights[i])
            toReference += weights[i] * cross[i]
        }
        return (pairs > 0 ? sum / pairs : 0) - 2 * toReference / Double(n)
    }
}

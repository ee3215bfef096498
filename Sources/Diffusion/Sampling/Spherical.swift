import Foundation
import Torch

/// Interpolation on the sphere (Shoemake 1985): sin((1 − t)ω)/sin ω · a + sin(tω)/sin ω · b, ω the angle between a and b.
public enum Spherical {
    /// Rows between the rows of two tensors: directions go along the great circle, lengths linearly.
    ///
    /// - Parameters:
    ///   - a, b: `[B, …]`, float32. Where they are parallel, or a length is zero, the way is straight.
    ///   - shares: one for each row, 0…1: how far from a to b.
    /// - Returns: `[B, …]` float32.
    public static func slerp(_ a: Tensor, _ b: Tensor, shares: [Double]) throws -> Tensor {
        let rows = a.size(0)
        let (left, right) = (a.to(.float32).reshape([rows, -1]), b.to(.float32).reshape([rows, -1]))
        let (leftNorm, rightNorm) = (left.norm(dims: [1], keepDim: true), right.norm(dims: [1], keepDim: true))
        let (leftLengths, rightLengths) = (try leftNorm.doubles(), try rightNorm.doubles())
        let products = try (left * right).sum(dims: [1]).doubles()
        var weights: (left: [Float], right: [Float]) = ([], [])
        for (row, share) in shares.enumerated() {
            let (m, n) = (leftLengths[row], rightLengths[row])
            let (p, q) = Self.weights(cosine: m * n > 0 ? products[row] / (m * n) : 1, share)
            // Directions are those of unit vectors; the length of the result goes from one to the other.
            let length = m + share * (n - m)
            weights.left.append(Float(m > 0 ? p * length / m : 0))
            weights.right.append(Float(n > 0 ? q * length / n : 0))
        }
        let column = { (values: [Float]) in Tensor(values, shape: [rows, 1]).to(left.device) }
        return (column(weights.left) * left + column(weights.right) * right).reshape(a.shape)
    }

    /// Rows between several, by weights: the interpolation of the first two by their shares, of that and the third,
    /// and so on.
    ///
    /// - Parameters:
    ///   - parts: `[B, …]` each.
    ///   - weights: for each row a weight for each part, none negative, not all zero.
    public static func blend(_ parts: [Tensor], weights: [[Double]]) throws -> Tensor {
        var result = parts[0].to(.float32)
        for index in 1..<max(1, parts.count) {
            let shares = weights.map { row in
                let sum = row[...index].reduce(0, +)
                return sum > 0 ? row[index] / sum : 0
            }
            result = try slerp(result, parts[index], shares: shares)
        }
        return result
    }

    /// What the two unit vectors are multiplied by.
    static func weights(cosine: Double, _ share: Double) -> (Double, Double) {
        let cosine = min(1, max(-1, cosine))
        let angle = acos(cosine)
        // Of opposite vectors no great circle is nearer than another; of equal ones every weight is right.
        guard angle > 1e-4, angle < .pi - 1e-4 else { return (1 - share, share) }
        return (
            sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle)
        )
    }
}

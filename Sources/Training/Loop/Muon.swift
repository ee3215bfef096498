import Torch

/// Muon (Jordan et al. 2024): a matrix is moved by its momentum with all singular values made equal, so that the few
/// large directions do not drown the many small ones. Scaled as by Liu et al. 2025 (arXiv 2502.16982, equation 4), so
/// that rates are those of AdamW.
final class Muon: UpdateRule {
    private static let momentum = 0.95
    /// The root mean square of an update, before the rate: that of AdamW.
    private static let size = 0.2

    private let parameters: [(key: String, tensor: Tensor)]
    private let means: [Tensor]

    init(_ parameters: [(key: String, tensor: Tensor)]) {
        self.parameters = parameters
        means = parameters.map { .zeros(inTheOrderOf: $0.tensor) }
    }

    /// Whether a parameter is a matrix between hidden layers. Tables, and what reads or writes pixels, have no such
    /// directions.
    static func suits(_ key: String, _ tensor: Tensor) -> Bool {
        let outer = ["conv_in", "conv_out", "token_embedding", "position_embedding", "patch_embedding"]
        return tensor.rank > 1 && min(tensor.size(0), tensor.shape.dropFirst().reduce(1, *)) >= 16
            && !outer.contains { key.contains($0) }
    }

    func update(rate: Double, _ config: TrainingConfig) {
        Autograd.noGrad {
            for (parameter, mean) in zip(parameters.map(\.tensor), means) {
                guard let gradient = parameter.grad else { continue }
                mean.copyInPlace(from: mean.lerp(gradient, weight: 1 - Self.momentum))
                // Nesterov: the gradient counts once more.
                let direction = gradient.lerp(mean, weight: Self.momentum).reshape([parameter.size(0), -1])
                let dtype = config.productType(on: gradient.device)
                let step = Self.orthogonalized(direction, dtype: dtype) * Self.scale(of: direction)
                parameter.copyInPlace(
                    from: parameter.detach() * (1 - rate * config.decay)
                        - step.reshape(parameter.shape).to(.float32) * rate)
            }
        }
    }

    /// √max(rows, columns) makes the elements of an orthogonal matrix 1 in size.
    private static func scale(of matrix: Tensor) -> Double {
        size * Double(max(matrix.size(0), matrix.size(1))).squareRoot()
    }

    /// The nearest matrix with equal singular values, roughly: five steps of a Newton–Schulz iteration whose
    /// coefficients bring them to within 0.7 to 1.2 at once.
    static func orthogonalized(_ matrix: Tensor, dtype: DType) -> Tensor {
        let isTall = matrix.size(0) > matrix.size(1)
        var x = (matrix / (matrix.square().sum().sqrt() + 1e-7)).to(dtype)
        if isTall { x = x.transpose(0, 1) }
        for _ in 0..<5 {
            let gram = x.matmul(x.transpose(0, 1))
            let factor = gram * -4.7750 + gram.matmul(gram) * 2.0315
            x = x * 3.4445 + factor.matmul(x)
        }
        return isTall ? x.transpose(0, 1) : x
    }

    var state: [(key: String, tensor: Tensor)] { zip(parameters, means).map { ("mean/" + $0.key, $1) } }
}

import Torch

/// AdamW (Loshchilov & Hutter 2019, algorithm 2): every element goes its own way.
final class AdamW: UpdateRule {
    private let parameters: [(key: String, tensor: Tensor)]
    private let means: [Tensor]
    private let squares: [Tensor]
    private let counts: [Tensor]
    /// Which parameters decay: matrices and kernels, not biases, norms and scales.
    private let decays: [Bool]

    init(_ parameters: [(key: String, tensor: Tensor)]) {
        self.parameters = parameters
        decays = parameters.map { $0.tensor.rank > 1 }
        means = parameters.map { .zeros(inTheOrderOf: $0.tensor) }
        squares = parameters.map { .zeros(inTheOrderOf: $0.tensor) }
        counts = parameters.map { .zeros([], device: $0.tensor.device) }
    }

    func update(rate: Double, _ config: TrainingConfig) {
        // A parameter without a gradient took no part in this step and stays as it is.
        let active = parameters.indices.compactMap { index in
            parameters[index].tensor.grad.map { (index: index, gradient: $0) }
        }
        for decaying in [true, false] {
            let chosen = active.filter { decays[$0.index] == decaying }
            guard !chosen.isEmpty else { continue }
            func pick(_ list: [Tensor]) -> [Tensor] { chosen.map { list[$0.index] } }
            TensorLists.adamW(
                chosen.map { parameters[$0.index].tensor }, gradients: chosen.map(\.gradient), means: pick(means),
                squares: pick(squares), steps: pick(counts), rate: rate, betas: (config.betas[0], config.betas[1]),
                decay: decaying ? config.decay : 0, eps: 1e-8)
        }
    }

    var state: [(key: String, tensor: Tensor)] {
        parameters.indices.flatMap { i in
            let key = parameters[i].key
            return [("mean/" + key, means[i]), ("square/" + key, squares[i]), ("count/" + key, counts[i])]
        }
    }
}

extension Tensor {
    /// Zeros in the order in memory of a parameter: products keep it, and the fused update relies on it.
    static func zeros(inTheOrderOf parameter: Tensor) -> Tensor { Autograd.noGrad { parameter.detach() * 0 } }
}

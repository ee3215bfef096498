import Torch

/// AdamW over float32 parameters, with its moments.
final class AdamW {
    let parameters: [Tensor]
    private let means: [Tensor]
    private let squares: [Tensor]
    private let counts: [Tensor]
    private let keys: [String]
    /// Which parameters decay: matrices and kernels, not biases, norms and scales.
    private let decays: [Bool]

    init(_ parameters: [(key: String, tensor: Tensor)]) {
        keys = parameters.map(\.key)
        self.parameters = parameters.map(\.tensor)
        decays = self.parameters.map { $0.rank > 1 }
        // Products keep the parameters' order in memory, which the fused update relies on.
        func zeros() -> [Tensor] { parameters.map { parameter in Autograd.noGrad { parameter.tensor.detach() * 0 } } }
        means = zeros()
        squares = zeros()
        counts = self.parameters.map { .zeros([], device: $0.device) }
        for parameter in self.parameters { parameter.requiresGrad = true }
    }

    func clearGradients() { for parameter in parameters { parameter.clearGrad() } }

    /// One update from the accumulated gradients, after clipping them to a global norm. Returns the norm before.
    func step(rate: Double, _ config: TrainingConfig) -> Tensor {
        // A parameter without a gradient took no part in this step and stays as it is.
        let active = parameters.indices.filter { parameters[$0].grad != nil }
        let gradients = active.compactMap { parameters[$0].grad }
        let norm = TensorLists.globalNorm(gradients)
        TensorLists.scale(gradients, by: (config.clip / (norm + 1e-6)).clamp(max: 1.0))
        for decaying in [true, false] {
            let chosen = active.indices.filter { decays[active[$0]] == decaying }
            guard !chosen.isEmpty else { continue }
            func pick(_ list: [Tensor]) -> [Tensor] { chosen.map { list[active[$0]] } }
            TensorLists.adamW(
                pick(parameters), gradients: chosen.map { gradients[$0] }, means: pick(means), squares: pick(squares),
                steps: pick(counts), rate: rate, betas: (config.betas[0], config.betas[1]),
                decay: decaying ? config.decay : 0, eps: 1e-8)
        }
        return norm
    }

    /// Everything that a resumed run needs, by key.
    var state: [(key: String, tensor: Tensor)] {
        keys.indices.flatMap { i in
            [("mean/" + keys[i], means[i]), ("square/" + keys[i], squares[i]), ("count/" + keys[i], counts[i])]
        }
    }
}

/// The exponential moving average of parameters: what is shown and exported.
final class AveragedWeights {
    private let live: [Tensor]
    let averages: [Tensor]
    private let keys: [String]

    init(_ parameters: [(key: String, tensor: Tensor)]) {
        keys = parameters.map(\.key)
        live = parameters.map(\.tensor)
        averages = live.map { tensor in Autograd.noGrad { tensor.detach().clone() } }
    }

    func update(decay: Double) { TensorLists.lerp(averages, towards: live, weight: 1 - decay) }

    /// Runs the body with the averages in the parameters' place, and puts the parameters back.
    func inPlace<R>(_ body: () throws -> R) rethrows -> R {
        let kept = live.map { tensor in Autograd.noGrad { tensor.detach().clone() } }
        for (tensor, average) in zip(live, averages) { tensor.copyInPlace(from: average) }
        defer { for (tensor, old) in zip(live, kept) { tensor.copyInPlace(from: old) } }
        return try body()
    }

    var state: [(key: String, tensor: Tensor)] { zip(keys, averages).map { ("ema/" + $0, $1) } }
}

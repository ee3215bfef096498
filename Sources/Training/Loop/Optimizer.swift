import Torch

/// How some parameters are moved by their gradients. What it remembers is float32.
protocol UpdateRule {
    func update(rate: Double, _ config: TrainingConfig)
    /// Everything that a resumed run needs, by key.
    var state: [(key: String, tensor: Tensor)] { get }
}

/// Moves all parameters of a run, each by the rule that suits it.
final class Optimizer {
    private let parameters: [Tensor]
    private let rules: [any UpdateRule]

    init(_ parameters: [(key: String, tensor: Tensor)], _ config: TrainingConfig) {
        self.parameters = parameters.map(\.tensor)
        for parameter in self.parameters { parameter.requiresGrad = true }
        let isMatrix = { (parameter: (key: String, tensor: Tensor)) in
            config.optimizer == .muon && Muon.suits(parameter.key, parameter.tensor)
        }
        rules = [Muon(parameters.filter(isMatrix)), AdamW(parameters.filter { !isMatrix($0) })]
    }

    func clearGradients() { for parameter in parameters { parameter.clearGrad() } }

    /// One update from the accumulated gradients, after clipping them to a global norm. Returns the norm before.
    func step(rate: Double, _ config: TrainingConfig) -> Tensor {
        let gradients = parameters.compactMap(\.grad)
        let norm = TensorLists.globalNorm(gradients)
        TensorLists.scale(gradients, by: (config.clip / (norm + 1e-6)).clamp(max: 1.0))
        for rule in rules { rule.update(rate: rate, config) }
        return norm
    }

    var state: [(key: String, tensor: Tensor)] { rules.flatMap(\.state) }
}

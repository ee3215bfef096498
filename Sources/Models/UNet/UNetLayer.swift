import Torch

/// What every layer of a U-Net is given besides its input, the same for all layers of one evaluation.
struct UNetStep {
    /// (batch or 1, time width), after SiLU.
    let time: Tensor
    let context: UNetContext
    let probe: LayerProbe?
}

/// A layer of a U-Net: from (batch, channels, height, width) to the same rank, at one place of the weights' tree.
protocol UNetLayer {
    /// The prefix of its weights' keys.
    var name: String { get }

    func callAsFunction(_ x: Tensor, _ step: UNetStep) -> Tensor

    /// Keys and values of the context tokens (batch, tokens, width), by the name of the attention that uses them.
    func keyValues(of context: Tensor) -> [String: KeyValue]
}

extension UNetLayer {
    func keyValues(of context: Tensor) -> [String: KeyValue] { [:] }
}

extension [any UNetLayer] {
    /// One layer after the other, each reported to the probe.
    func callAsFunction(_ x: Tensor, _ step: UNetStep) -> Tensor {
        reduce(x) { x, layer in
            let x = layer(x, step)
            step.probe?(layer.name, x)
            return x
        }
    }
}

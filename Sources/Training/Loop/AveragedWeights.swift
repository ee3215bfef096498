import Torch

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

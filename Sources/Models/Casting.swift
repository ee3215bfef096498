import NN
import Torch

extension Linear {
    /// The layer on an input of any floating type: at a network's edges, where what comes in may have another type than
    /// the weights.
    func casting(_ x: Tensor) -> Tensor { self(x.to(weight.dtype)) }
}

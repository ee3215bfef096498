import Torch

/// Is given the output of each named layer while a network runs, in order of computation.
///
/// Names are those of the weights: `down_blocks.1.attentions.0` is the layer whose weights start so. For comparing
/// a network with the reference layer by layer; nil costs nothing.
public typealias LayerProbe = (_ layer: String, _ output: Tensor) -> Void

import Torch

extension Device {
    /// Whether networks of convolutions train faster with the channels last in memory, as they do on tensor cores. On
    /// the CPU convolutions do not care, and libtorch's group normalisation in bfloat16 takes thirty times as long.
    var prefersChannelsLast: Bool { kind == .cuda }
}

extension Tensor {
    /// Pictures in the memory format in which their device trains fastest.
    func inTrainingFormat() -> Tensor { device.prefersChannelsLast ? channelsLast() : self }
}

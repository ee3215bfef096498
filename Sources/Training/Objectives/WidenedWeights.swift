import NN
import Torch

/// The weights of a U-Net for one that takes in more channels, whose first convolution is blind to those at first.
struct WidenedWeights: WeightSource {
    private let source: any WeightSource
    private let channels: Int

    /// - Parameter channels: that the network to be made takes in, at least the stored one's.
    init(_ source: any WeightSource, channels: Int) {
        self.source = source
        self.channels = channels
    }

    private static let first = "conv_in.weight"

    var keys: [String] { source.keys }
    func dtype(of key: String) -> DType? { source.dtype(of: key) }

    func shape(of key: String) -> [Int]? {
        guard var shape = source.shape(of: key) else { return nil }
        if key == Self.first { shape[1] = max(channels, shape[1]) }
        return shape
    }

    func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        let stored = try source.tensor(key, dtype: dtype, device: device)
        let missing = channels - stored.size(min(1, stored.rank - 1))
        return key == Self.first && missing > 0 ? stored.constantPad([0, 0, 0, 0, 0, missing]) : stored
    }
}

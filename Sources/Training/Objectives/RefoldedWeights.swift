import NN
import Torch

/// The weights of a U-Net that folds p × p pixels, for one that folds q × q of a picture q / p times as large.
///
/// Everything between the first and the last convolution stays as it is. The first sees each square of pixels by its
/// mean and the last paints it in one colour, so at first the larger network does exactly what the smaller one did with
/// the picture made small; then it learns the rest. Training at a low resolution first costs (p / q)² of the time.
struct RefoldedWeights: WeightSource {
    private let source: any WeightSource
    private let from: Int
    private let to: Int

    /// - Parameters:
    ///   - from: the `patch_size` of the stored network.
    ///   - to: that of the network to be made, a multiple of `from`.
    init(_ source: any WeightSource, from: Int, to: Int) {
        self.source = source
        self.from = from
        self.to = to
    }

    private static let first = "conv_in.weight"
    private static let last: Set<String> = ["conv_out.weight", "conv_out.bias"]
    private var growth: Int { to / from }

    var keys: [String] { source.keys }
    func dtype(of key: String) -> DType? { source.dtype(of: key) }

    func shape(of key: String) -> [Int]? {
        guard var shape = source.shape(of: key) else { return nil }
        if key == Self.first { shape[1] *= growth * growth }
        if Self.last.contains(key) { shape[0] *= growth * growth }
        return shape
    }

    func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        let stored = try source.tensor(key, dtype: dtype, device: device)
        if key == Self.first { return spread(stored, dim: 1) / Double(growth * growth) }
        return Self.last.contains(key) ? spread(stored, dim: 0) : stored
    }

    /// Repeats each pixel of the folded squares along a dimension: channel c of pixel (i, j) becomes that of all pixels
    /// of its growth × growth square.
    private func spread(_ tensor: Tensor, dim: Int) -> Tensor {
        let shape = tensor.shape
        let (before, after) = (Array(shape[..<dim]), Array(shape[(dim + 1)...]))
        let squares = tensor.reshape(before + [shape[dim] / (from * from), from, from] + after)
        return squares.repeatInterleave(growth, dim: dim + 1).repeatInterleave(growth, dim: dim + 2)
            .reshape(before + [shape[dim] * growth * growth] + after)
    }
}

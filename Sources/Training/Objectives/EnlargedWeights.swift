import NN
import Torch

/// The weights of a network whose first and last layer have an entry for each pixel of a square, for one whose squares are
/// larger: a U-Net that folds p × p pixels, and one that folds q × q of a picture q / p times as large; a sketcher, and one
/// of larger sketches.
///
/// Everything between the two layers stays as it is. The first sees each square of pixels by its mean and the last paints
/// it in one colour, so at first the larger network does exactly what the smaller one did with the picture made small; then
/// it learns the rest. Training at a low resolution first costs (p / q)² of a U-Net's time.
struct EnlargedWeights: WeightSource {
    /// The layers that see and paint pixels.
    struct Layers {
        var first: String
        var last: Set<String>

        static let unet = Layers(first: "conv_in.weight", last: ["conv_out.weight", "conv_out.bias"])
        static let sketcher = Layers(first: "proj_in.weight", last: ["proj_out.weight", "proj_out.bias"])
    }

    private let source: any WeightSource
    private let layers: Layers
    private let from: Int
    private let to: Int

    /// - Parameters:
    ///   - from: height and width of the stored network's squares: a U-Net's `patch_size`, a sketcher's `sample_size`
    ///   - to: those of the network to be made, a multiple of `from`
    init(_ source: any WeightSource, _ layers: Layers, from: Int, to: Int) {
        self.source = source
        self.layers = layers
        self.from = from
        self.to = to
    }

    private var growth: Int { to / from }

    var keys: [String] { source.keys }
    func dtype(of key: String) -> DType? { source.dtype(of: key) }

    func shape(of key: String) -> [Int]? {
        guard var shape = source.shape(of: key) else { return nil }
        if key == layers.first { shape[1] *= growth * growth }
        if layers.last.contains(key) { shape[0] *= growth * growth }
        return shape
    }

    func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        let stored = try source.tensor(key, dtype: dtype, device: device)
        if key == layers.first { return spread(stored, dim: 1) / Double(growth * growth) }
        return layers.last.contains(key) ? spread(stored, dim: 0) : stored
    }

    /// Repeats each pixel of the squares along a dimension: channel c of pixel (i, j) becomes that of all pixels of its
    /// growth × growth square.
    private func spread(_ tensor: Tensor, dim: Int) -> Tensor {
        let shape = tensor.shape
        let (before, after) = (Array(shape[..<dim]), Array(shape[(dim + 1)...]))
        let squares = tensor.reshape(before + [shape[dim] / (from * from), from, from] + after)
        return squares.repeatInterleave(growth, dim: dim + 1).repeatInterleave(growth, dim: dim + 2)
            .reshape(before + [shape[dim] * growth * growth] + after)
    }
}

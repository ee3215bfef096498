import Torch

extension EvaluationMetric {
    /// Are edges as sharp as those of the originals at the same size?
    static let sharpness = EvaluationMetric { scene in
        let asked = scene.indices(of: .caption)
        let pictures = asked.map { scene.outcome.pictures[$0] }
        // Enlarged originals would be no measure.
        guard let side = pictures.first?.width, scene.pack.sizes.contains(side) else { return nil }
        let drawn = try pictures.compactMap { try EdgeSharpness(of: $0.tensor(side: side)).value }
        let real = try asked.compactMap { index in
            try EdgeSharpness(of: scene.pack.pictures([scene.cases[index].row], size: side)).value
        }
        return MetricTable(
            name: "sharpness", title: "Sharpness of edges",
            explanation: """
                At \(side) × \(side): the largest part of an edge's contrast that lies between two neighbouring pixels, \
                on average over all places with an edge. \
                Real pictures of the same captions were drawn by their sources at this size.
                """,
            columns: ["steepness"],
            rows: [("real", real), ("drawn", drawn)].map { MetricTable.Row($0.0, [Bootstrap.mean($0.1)]) })
    }
}

/// How steep a picture's edges are, whatever their contrast.
struct EdgeSharpness {
    /// From 0 to about 1, where edges are one pixel wide; nil for a picture without edges.
    let value: Double?

    /// The brightness that an edge crosses, of 1, at least.
    private static let contrast = 0.25

    /// - Parameter picture: (1, 3, height, width) in −1…1.
    init(of picture: Tensor) throws {
        let brightness = (picture.mean(dims: [1], keepDim: true) + 1) * 0.5
        let (height, width) = (brightness.size(2) - 1, brightness.size(3) - 1)
        func shifted(_ y: Int, _ x: Int) -> Tensor {
            brightness.narrow(dim: 2, start: y, length: height).narrow(dim: 3, start: x, length: width)
        }
        let here = shifted(0, 0)
        let steps = ((shifted(1, 0) - here).square() + (shifted(0, 1) - here).square()).sqrt()
        // Each cell is looked at with its eight neighbours, wide enough for a picture that was enlarged sixteen times. It
        // counts where the steepest place of all nine is its own: both sides of that edge are seen.
        let cell = max(2, picture.size(3) / 60)
        func largest(_ values: Tensor) -> Tensor { values.maxPool2d(kernel: 3 * cell, stride: cell) }
        let steepest = largest(steps)
        let (rows, columns) = (steepest.size(2), steepest.size(3))
        let own = steps.narrow(dim: 2, start: cell, length: rows * cell)
            .narrow(dim: 3, start: cell, length: columns * cell).maxPool2d(kernel: cell, stride: cell)
        let contrast = largest(here) + largest(-here)
        let isEdge = contrast.ge(scalar: Self.contrast).to(.float32) * own.eq(steepest).to(.float32)
        let steepness = steepest / contrast.clamp(min: Self.contrast)
        let places: Double = try isEdge.sum().item()
        value = places > 0 ? try (steepness * isEdge).sum().item() / places : nil
    }
}

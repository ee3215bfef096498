import Foundation

/// How new pixels are made from old ones. Names and results are Pillow's `Image.Resampling`.
///
/// All but `nearest` widen with the scale when a picture is made smaller (antialiasing).
public enum ResizeFilter: String, CaseIterable, Sendable {
    case nearest
    /// Mean over the area that a new pixel covers ("area").
    case box
    case bilinear
    /// Keys' cubic with a = −0.5.
    case bicubic
    /// Windowed sinc, three lobes.
    case lanczos3

    /// Half the filter's width, in pixels of the coarser grid.
    var support: Double {
        switch self {
        case .nearest: 0
        case .box: 0.5
        case .bilinear: 1
        case .bicubic: 2
        case .lanczos3: 3
        }
    }

    func weight(at position: Double) -> Double {
        let x = abs(position)
        switch self {
        case .nearest:
            return 0
        case .box:
            return position > -0.5 && position <= 0.5 ? 1 : 0
        case .bilinear:
            return max(0, 1 - x)
        case .bicubic:
            let a = -0.5
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
        case .lanczos3:
            return position >= -3 && position < 3 ? Self.sinc(position) * Self.sinc(position / 3) : 0
        }
    }

    private static func sinc(_ x: Double) -> Double {
        x == 0 ? 1 : sin(x * .pi) / (x * .pi)
    }
}

/// For every output position of one axis, the inputs that it is made of and their weights, in fixed point.
struct ResizeKernel {
    /// Of the weights' fraction: 32 bits less 8 for a sample and 2 for overshoot.
    static let precision = 22

    /// For output i: the first input, and how many.
    private(set) var first: [Int] = []
    private(set) var count: [Int] = []
    /// `stride` weights for each output; those beyond its count are zero.
    private(set) var weights: [Int32] = []
    let stride: Int
    /// Whether every output is its input.
    let isIdentity: Bool

    /// Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` (libImaging/Resample.c): weights in double precision,
    /// divided by their sum, rounded half away from zero.
    /// - Parameters:
    ///   - input: how many inputs there are; the outputs span `extent` of them from `start` on.
    init(from input: Int, start: Double, extent: Double, to output: Int, filter: ResizeFilter) {
        isIdentity = start == 0 && extent == Double(input) && output == input
        let scale = extent / Double(output)
        let widening = max(scale, 1)
        let support = filter.support * widening
        stride = Int(support.rounded(.up)) * 2 + 1
        weights.reserveCapacity(output * stride)
        for index in 0..<output {
            let center = start + (Double(index) + 0.5) * scale
            // At least one input, also where a box reaches past them.
            let start = min(max(0, Int(center - support + 0.5)), input - 1)
            let end = max(start + 1, min(input, Int(center + support + 0.5)))
            let raw = (start..<end).map { filter.weight(at: (Double($0) - center + 0.5) / widening) }
            let sum = raw.reduce(0, +)
            first.append(start)
            count.append(end - start)
            weights += raw.map { Self.fixed(sum == 0 ? $0 : $0 / sum) }
            weights += repeatElement(0, count: stride - raw.count)
        }
    }

    private static func fixed(_ weight: Double) -> Int32 {
        Int32(weight * Double(1 << precision) + (weight < 0 ? -0.5 : 0.5))
    }
}

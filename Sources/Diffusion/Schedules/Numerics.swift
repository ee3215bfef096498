import Foundation
import Torch

/// Scalar functions with the rounding of the reference's float32 and float64 libraries (torch, NumPy).
/// A schedule is badly conditioned at its ends, so the order of operations is part of its definition.
enum Numerics {
    /// `torch.linspace` in float32: both halves grow from their own end, with fused multiply-add.
    static func linspace(_ start: Float, _ end: Float, _ count: Int) -> [Float] {
        guard count > 1 else { return count == 1 ? [start] : [] }
        let step = (end - start) / Float(count - 1)
        return (0..<count).map { i in
            i < count / 2
                ? start.addingProduct(step, Float(i))
                : end.addingProduct(-step, Float(count - 1 - i))
        }
    }

    /// `numpy.linspace` in float64.
    static func linspace(_ start: Double, _ end: Double, _ count: Int) -> [Double] {
        guard count > 1 else { return count == 1 ? [start] : [] }
        let step = (end - start) / Double(count - 1)
        return (0..<count).map { i in i == count - 1 ? end : Double(i) * step + start }
    }

    /// `numpy.arange` in float64 for a falling sequence that stops before 0.
    static func arange(from start: Double, by step: Double) -> [Double] {
        let count = max(0, Int((start / -step).rounded(.up)))
        // NumPy derives the increment from its first two elements, which rounds it once more.
        let increment = (start + step) - start
        return (0..<count).map { start + Double($0) * increment }
    }

    /// `torch.cumprod` of float32: accumulated in float64, each element rounded.
    static func cumulativeProduct(_ values: [Float]) -> [Float] {
        var product = 1.0
        return values.map { value in
            product *= Double(value)
            return Float(product)
        }
    }

    /// `numpy.interp(x, 0..<values.count, values)` in float64.
    static func interpolate(_ x: Double, _ values: [Float]) -> Double {
        guard x > 0 else { return Double(values[0]) }
        let low = Int(x)
        guard low < values.count - 1 else { return Double(values[values.count - 1]) }
        let slope = Double(values[low + 1]) - Double(values[low])
        return slope * (x - Double(low)) + Double(values[low])
    }

    /// Square roots of a table by libtorch, whose vector kernels do not always round as IEEE 754 asks.
    static func squareRoots(_ values: [Float]) throws(TorchError) -> [Float] {
        try Tensor(values).sqrt().floats()
    }

    // Rounded once from float64: within an ulp of torch's own kernels, which differ by processor.
    static func log(_ x: Float) -> Float { Float(Foundation.log(Double(x))) }
    static func exp(_ x: Float) -> Float { Float(Foundation.exp(Double(x))) }
    static func expm1(_ x: Float) -> Float { Float(Foundation.expm1(Double(x))) }

    static func sigmoid(_ x: Float) -> Float {
        let e: Double = Foundation.exp(Double(-x))
        return Float(1 / (1 + e))
    }

    /// Solves the square system `a · x = b` in float32 with partial pivoting; nil if it is singular.
    static func solve(_ a: [[Float]], _ b: [Float]) -> [Float]? {
        var a = a
        var b = b
        let n = b.count
        for column in 0..<n {
            let pivot = (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
            guard a[pivot][column] != 0 else { return nil }
            a.swapAt(column, pivot)
            b.swapAt(column, pivot)
            for row in (column + 1)..<max(n, column + 1) {
                let factor = a[row][column] / a[column][column]
                for k in column..<n { a[row][k] -= factor * a[column][k] }
                b[row] -= factor * b[column]
            }
        }
        for row in stride(from: n - 1, through: 0, by: -1) {
            for k in (row + 1)..<max(n, row + 1) { b[row] -= a[row][k] * b[k] }
            b[row] /= a[row][row]
        }
        return b
    }
}

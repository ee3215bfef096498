import CTorch

/// A stream of random numbers: PyTorch's CPU generator (mt19937), so a seed means what it means there.
///
/// All draws are made on the CPU and moved by the caller, so that a seed gives the same numbers on every device.
public final class Generator {
    private let reference: CTGenerator

    public init(seed: UInt64) { reference = ct_generator(seed) }
    deinit { ct_generator_release(reference) }

    /// The whole state, for exact resumption.
    public func state() throws(TorchError) -> [UInt8] { try Tensor(owning: ct_generator_state(reference)).bytes() }

    public func restore(_ state: [UInt8]) throws(TorchError) {
        let tensor = Tensor(state)
        withExtendedLifetime(tensor) { _ = ct_generator_set_state(reference, tensor.reference) }
        try TorchError.check()
    }

    func draw(_ shape: [Int], _ body: (CTGenerator, UnsafePointer<Int64>?, Int) -> CTTensor?) -> Tensor {
        Tensor(owning: withInt64s(shape) { body(reference, $0.baseAddress, $0.count) })
    }

    /// A random order of the numbers below `count`.
    public func permutation(_ count: Int) -> Tensor { Tensor(owning: ct_randperm(reference, Int64(count))) }

    /// Whole numbers in `range`, evenly likely, as int64.
    public func integers(in range: Range<Int>, shape: [Int]) -> Tensor {
        draw(shape) { ct_randint($0, Int64(range.lowerBound), Int64(range.upperBound), $1, $2) }
    }
}

extension Tensor {
    /// Standard normal numbers.
    public static func randn(_ shape: [Int], generator: Generator, dtype: DType = .float32) -> Tensor {
        generator.draw(shape) { ct_randn($0, $1, $2, dtype.rawValue) }
    }

    /// Numbers evenly spread over [0, 1).
    public static func rand(_ shape: [Int], generator: Generator, dtype: DType = .float32) -> Tensor {
        generator.draw(shape) { ct_rand($0, $1, $2, dtype.rawValue) }
    }
}

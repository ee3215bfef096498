import CTorch

/// A multi-dimensional array of libtorch.
///
/// A tensor belongs to the thread that made it and is deliberately not `Sendable`: one that leaves its `TorchWorker`
/// does not compile. Operations never throw. A failed one gives an empty placeholder, keeps its error for the thread,
/// and reading a result back (`floats()`, `item()`, …) throws that first error.
public struct Tensor {
    final class Handle {
        let reference: CTTensor?
        init(_ reference: CTTensor?) { self.reference = reference }
        deinit { ct_release(reference) }
    }

    let handle: Handle
    var reference: CTTensor? { handle.reference }

    init(owning reference: CTTensor?) { handle = Handle(reference) }

    /// The sizes of all dimensions; empty for a scalar and for a failed operation's placeholder.
    public var shape: [Int] {
        let rank = Int(ct_rank(reference))
        let sizes = [Int64](unsafeUninitializedCapacity: rank) { buffer, count in
            if let base = buffer.baseAddress, rank > 0 { ct_shape(reference, base) }
            count = rank
        }
        return sizes.map(Int.init)
    }

    /// The size of one dimension, counted from the end if negative; 0 where there is no such dimension.
    public func size(_ dim: Int) -> Int { Int(ct_size(reference, Int64(dim))) }

    public var rank: Int { Int(ct_rank(reference)) }
    public var count: Int { Int(ct_count(reference)) }
    public var dtype: DType { DType(rawValue: ct_dtype(reference)) ?? .float32 }
    public var device: Device {
        Device(Device.Kind(rawValue: ct_device_type(reference)) ?? .cpu, index: ct_device_index(reference))
    }

    /// Throws the first error of the operations that led here.
    public func check() throws(TorchError) {
        try TorchError.check()
        if reference == nil {
            throw TorchError(
                kind: .invalidArgument, operation: "check", message: "the tensor's operation failed before")
        }
    }
}

extension Tensor {
    /// The same values in another type; the tensor itself where it has that type already.
    public func to(_ dtype: DType) -> Tensor {
        withExtendedLifetime(self) { Tensor(owning: ct_to_dtype(reference, dtype.rawValue)) }
    }

    /// The same values on another device; the tensor itself where it is there already.
    public func to(_ device: Device) -> Tensor {
        withExtendedLifetime(self) { Tensor(owning: ct_to_device(reference, device.kind.rawValue, device.index)) }
    }

    /// Overwrites this tensor's elements with another's, cast and moved as needed. No gradient is recorded.
    public func copyInPlace(from source: Tensor) {
        withExtendedLifetime((self, source)) { ct_copy_(reference, source.reference) }
    }

    public func zeroInPlace() { withExtendedLifetime(self) { ct_zero_(reference) } }
    public func scaleInPlace(_ factor: Double) { withExtendedLifetime(self) { ct_mul_(reference, factor) } }
}

func withInt64s<R>(_ values: [Int], _ body: (UnsafeBufferPointer<Int64>) -> R) -> R {
    values.map(Int64.init).withUnsafeBufferPointer(body)
}

func withOptional<R>(_ value: Double?, _ body: (UnsafePointer<Double>?) -> R) -> R {
    guard let value else { return body(nil) }
    return withUnsafePointer(to: value) { body($0) }
}

func withReferences<R>(_ tensors: [Tensor], _ body: (UnsafePointer<CTTensor?>) -> R) -> R {
    // One element more than needed keeps the address valid for an empty list.
    (tensors.map(\.reference) + [nil]).withUnsafeBufferPointer { body($0.baseAddress!) }
}

import CTorch

/// A Swift number that is also an element type of tensors.
public protocol TensorElement: BitwiseCopyable, Sendable {
    static var dtype: DType { get }
}

extension Float: TensorElement { public static var dtype: DType { .float32 } }
extension Double: TensorElement { public static var dtype: DType { .float64 } }
extension Int64: TensorElement { public static var dtype: DType { .int64 } }
extension Int32: TensorElement { public static var dtype: DType { .int32 } }
extension UInt8: TensorElement { public static var dtype: DType { .uint8 } }
extension Bool: TensorElement { public static var dtype: DType { .bool } }

extension Tensor {
    /// A tensor on the CPU with these values in row-major order. The shape's product must be their number.
    public init<T: TensorElement>(_ values: [T], shape: [Int]) {
        self = values.withUnsafeBytes { Tensor(copying: $0, shape: shape, dtype: T.dtype) }
    }

    /// A vector on the CPU.
    public init<T: TensorElement>(_ values: [T]) { self.init(values, shape: [values.count]) }

    /// A tensor on the CPU with the given raw elements in row-major order.
    public init(copying bytes: UnsafeRawBufferPointer, shape: [Int], dtype: DType) {
        guard bytes.count == shape.reduce(dtype.size, *), shape.allSatisfy({ $0 >= 0 }) else {
            ct_fail("copyIn", "\(bytes.count) bytes do not fill the shape \(shape) of \(dtype)")
            self.init(owning: nil)
            return
        }
        self.init(owning: withInt64s(shape) { ct_copy_in(bytes.baseAddress, $0.baseAddress, $0.count, dtype.rawValue) })
    }

    /// A tensor over memory that `owner` keeps alive, without a copy. The memory may be read-only: never write in place.
    public init(mapping memory: UnsafeRawPointer, shape: [Int], dtype: DType, owner: AnyObject) {
        let context = Unmanaged.passRetained(owner).toOpaque()
        let reference = withInt64s(shape) {
            ct_map(
                UnsafeMutableRawPointer(mutating: memory), $0.baseAddress, $0.count, dtype.rawValue, context,
                { Unmanaged<AnyObject>.fromOpaque($0!).release() })
        }
        if reference == nil { Unmanaged<AnyObject>.fromOpaque(context).release() }
        self.init(owning: reference)
    }

    public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        Tensor(
            owning: withInt64s(shape) {
                ct_full($0.baseAddress, $0.count, value, dtype.rawValue, device.kind.rawValue, device.index)
            })
    }

    public static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        full(shape, 0, dtype: dtype, device: device)
    }

    public static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        full(shape, 1, dtype: dtype, device: device)
    }

    /// Room for elements whose values are not set.
    public static func empty(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        Tensor(
            owning: withInt64s(shape) {
                ct_empty($0.baseAddress, $0.count, dtype.rawValue, device.kind.rawValue, device.index)
            })
    }

    /// The whole numbers from `start` to `end`, exclusive.
    public static func arange(
        from start: Int = 0, _ end: Int, dtype: DType = .float32, device: Device = .cpu
    ) -> Tensor {
        Tensor(owning: ct_arange(Int64(start), Int64(end), dtype.rawValue, device.kind.rawValue, device.index))
    }

    public static func eye(_ count: Int, dtype: DType = .float32) -> Tensor {
        Tensor(owning: ct_eye(Int64(count), dtype.rawValue))
    }
}

func ct_fail(_ operation: String, _ message: String) {
    ct_keep_error(CT_ERROR_INVALID_ARGUMENT.int32, operation, message)
}

extension BinaryInteger {
    fileprivate var int32: Int32 { Int32(self) }
}

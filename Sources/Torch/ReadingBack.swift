import CTorch

extension Tensor {
    /// All elements in row-major order, converted to `T`.
    ///
    /// Throws the first `TorchError` of the operations that led here.
    public func values<T: TensorElement>(of type: T.Type = T.self) throws(TorchError) -> [T] {
        try check()
        let total = count
        let bytes = total * MemoryLayout<T>.stride
        let result = [T](unsafeUninitializedCapacity: total) { buffer, filled in
            let done = buffer.baseAddress.map { ct_copy_out(reference, $0, bytes, T.dtype.rawValue) } ?? true
            filled = done ? total : 0
        }
        try TorchError.check()
        return result
    }

    public func floats() throws(TorchError) -> [Float] { try values() }
    public func doubles() throws(TorchError) -> [Double] { try values() }
    public func int64s() throws(TorchError) -> [Int64] { try values() }
    public func bytes() throws(TorchError) -> [UInt8] { try values() }
    public func bools() throws(TorchError) -> [Bool] { try values() }

    /// The elements as they lie in memory in their own type, row-major.
    public func rawBytes() throws(TorchError) -> [UInt8] {
        try check()
        let total = count * dtype.size
        let result = [UInt8](unsafeUninitializedCapacity: total) { buffer, filled in
            let done = buffer.baseAddress.map { ct_copy_out(reference, $0, total, dtype.rawValue) } ?? true
            filled = done ? total : 0
        }
        try TorchError.check()
        return result
    }

    /// The only element.
    public func item() throws(TorchError) -> Double {
        let all = try doubles()
        guard all.count == 1 else {
            throw TorchError(
                kind: .invalidArgument, operation: "item", message: "expected one element, got shape \(shape)")
        }
        return all[0]
    }
}

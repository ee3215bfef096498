import Torch

/// Where a network's weights come from: a safetensors file, a torch archive, a set of shards.
public protocol WeightSource {
    /// Every key that the source holds.
    var keys: [String] { get }
    /// The shape stored under a key, or nil where there is none.
    func shape(of key: String) -> [Int]?
    func dtype(of key: String) -> DType?
    /// The tensor stored under a key, in the given type on the given device.
    func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor
    /// Lets go what memory it holds of a tensor that was copied; asked for again, the tensor is read again.
    func forget(_ key: String)
}

extension WeightSource {
    public func forget(_ key: String) {}
}

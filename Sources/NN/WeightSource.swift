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
    /// Writes the tensor stored under a key over one of its shape, whatever the type, the device and the order in memory.
    func copy(_ key: String, into room: Tensor) throws
}

extension WeightSource {
    public func copy(_ key: String, into room: Tensor) throws {
        room.copyInPlace(from: try tensor(key, dtype: dtype(of: key) ?? room.dtype, device: .cpu))
    }
}

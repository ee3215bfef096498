import Foundation
import NN
import Torch

/// A safetensors file, mapped into memory. Its header is checked when it is opened; a tensor's bytes are read when it
/// is used.
public struct SafetensorsFile: WeightSource, Sendable {
    /// How errors call the file: its path relative to the model folder.
    public let name: String
    private let mapping: MappedFile
    private let header: SafetensorsHeader

    /// - Parameter name: how errors call the file; by default its last path component.
    /// - Throws: `CheckpointError`.
    public init(_ url: URL, name: String? = nil) throws {
        self.name = name ?? url.lastPathComponent
        mapping = try MappedFile(url, name: self.name)
        header = try SafetensorsHeader(mapping.bytes, name: self.name)
    }

    /// All keys in alphabetical order.
    public var keys: [String] { header.entries.keys.sorted() }

    /// The header's free strings, such as `format: pt`.
    public var metadata: [String: String] { header.metadata }

    public func shape(of key: String) -> [Int]? { header.entries[key]?.shape }

    /// The stored type; nil also for a type that no tensor has (float8, unsigned integers).
    public func dtype(of key: String) -> DType? { header.entries[key]?.type.dtype }

    /// The tensor over the file's own memory, in its own type, without a copy.
    public func tensor(_ key: String) throws -> Tensor {
        guard let entry = header.entries[key] else {
            throw CheckpointError(.missingKey, file: name, key: key, "is not in the file")
        }
        guard let dtype = entry.type.dtype else {
            throw CheckpointError(
                .unsupported, file: name, key: key, "is stored as \(entry.type.rawValue), which tensors cannot hold")
        }
        let memory = mapping.base + (header.dataStart + entry.bytes.lowerBound)
        // Old writers did not pad the header; libtorch wants elements at multiples of their size.
        guard UInt(bitPattern: memory) % UInt(dtype.size) == 0 else {
            let bytes = UnsafeRawBufferPointer(start: memory, count: entry.bytes.count)
            return Tensor(copying: bytes, shape: entry.shape, dtype: dtype)
        }
        return Tensor(mapping: memory, shape: entry.shape, dtype: dtype, owner: mapping)
    }

    /// The tensor in another type on a device. It is cast straight from the mapped memory, and not copied at all where
    /// nothing changes.
    public func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        try tensor(key).to(dtype).to(device)
    }
}

import Foundation
import NN
import Torch

/// A file of named tensors in any format that Limn reads: safetensors, a PyTorch archive, a Flax checkpoint.
///
/// The file is mapped into memory. Its directory is checked when it is opened; a tensor's bytes are read when it is used.
public struct TensorFile: WeightSource, Sendable {
    /// How errors call the file: its path relative to the model folder.
    public let name: String
    /// Free strings beside the tensors, such as `format: pt`; only safetensors has them.
    public let metadata: [String: String]
    private let mapping: MappedFile
    private let tensors: [String: StoredTensor]

    /// Opens a file, whose first bytes tell its format.
    ///
    /// - Parameter name: how errors call the file; by default its last path component.
    /// - Throws: `CheckpointError`.
    public init(_ url: URL, name: String? = nil) throws {
        let name = name ?? url.lastPathComponent
        let mapping = try MappedFile(url, name: name)
        let format = TensorFormats.format(of: mapping.bytes)
        let directory = try format.read(mapping.bytes, name: name)
        self.init(name: name, mapping: mapping, tensors: directory.tensors, metadata: directory.metadata)
    }

    private init(name: String, mapping: MappedFile, tensors: [String: StoredTensor], metadata: [String: String]) {
        (self.name, self.mapping, self.tensors, self.metadata) = (name, mapping, tensors, metadata)
    }

    /// The same tensors under a network's own keys; those that the map has no place for are left out.
    ///
    /// - Throws: `CheckpointError` when two tensors get the same key or one has not the dimensions that the map expects.
    public func renamed(by map: KeyMap) throws -> TensorFile {
        TensorFile(name: name, mapping: mapping, tensors: try map.renamed(tensors, file: name), metadata: metadata)
    }

    /// All keys in alphabetical order.
    public var keys: [String] { tensors.keys.sorted() }

    public func shape(of key: String) -> [Int]? { tensors[key]?.shape }

    /// The stored type; nil also for a type that no tensor has (float8, unsigned integers).
    public func dtype(of key: String) -> DType? { tensors[key]?.type.dtype }

    /// The tensor over the file's own memory, in its own type, without a copy where the file's layout allows.
    public func tensor(_ key: String) throws -> Tensor { try stored(key).tensor(in: mapping, name: name, key: key) }

    /// The tensor in another type on a device. It is cast straight from the mapped memory, and not copied at all where
    /// nothing changes.
    public func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        let stored = try stored(key)
        if stored.type == StoredType(dtype), device == .cpu, stored.canBeMapped(from: mapping) {
            stored.prefetch(in: mapping)
            return try stored.tensor(in: mapping, name: name, key: key)
        }
        // The room comes first, so that what is needed on the way lies behind it and leaves no hole in the memory.
        let room = Tensor.empty(stored.shape, dtype: dtype, device: device)
        try copy(key, into: room)
        return room
    }

    public func copy(_ key: String, into room: Tensor) throws {
        let stored = try stored(key)
        stored.prefetch(in: mapping)
        room.copyInPlace(from: try stored.tensor(in: mapping, name: name, key: key))
        // Read once; its pages need not stay beside the copy.
        stored.forget(in: mapping)
    }

    private func stored(_ key: String) throws -> StoredTensor {
        guard let stored = tensors[key] else {
            throw CheckpointError(.missingKey, file: name, key: key, "is not in the file")
        }
        return stored
    }
}

/// What a format's reader found in a file.
struct TensorDirectory {
    var tensors: [String: StoredTensor]
    var metadata: [String: String] = [:]
}

/// A format of files of named tensors.
protocol TensorFormat {
    /// Whether a file's first bytes are of this format.
    static func claims(_ file: UnsafeRawBufferPointer) -> Bool

    /// Reads where the tensors lie, and checks that each lies in the file.
    ///
    /// - Throws: `CheckpointError`.
    static func read(_ file: UnsafeRawBufferPointer, name: String) throws(CheckpointError) -> TensorDirectory
}

enum TensorFormats {
    private static var all: [any TensorFormat.Type] {
        [TorchArchive.self, LegacyTorchFile.self, FlaxMessages.self]
    }

    /// A file that no format claims is read as safetensors, whose errors say best what is wrong with it.
    static func format(of file: UnsafeRawBufferPointer) -> any TensorFormat.Type {
        all.first { $0.claims(file) } ?? Safetensors.self
    }
}

import Foundation
import NN
import Torch

/// A checkpoint in several files of tensors, with a `*.index.json` that says which file holds which key.
public struct WeightShards: WeightSource, Sendable {
    /// How errors call the index: its path relative to the model folder.
    public let name: String
    private let fileOfKey: [String: String]
    private let files: [String: TensorFile]

    /// - Parameter name: how errors call the index; its shards lie in the same folder.
    /// - Throws: `CheckpointError`, also when a shard lacks a key that the index promises or has one that it does not.
    public init(_ url: URL, name: String? = nil) throws {
        let name = name ?? url.lastPathComponent
        self.name = name
        guard let map = try JSON(file: url, name: name)["weight_map"]?.object else {
            throw CheckpointError(.malformed, file: name, "has no object \"weight_map\"")
        }
        let folder = url.deletingLastPathComponent()
        let prefix = name.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        var fileOfKey: [String: String] = [:]
        for (key, value) in map {
            guard let file = value.string, file.isPlainFileName else {
                throw CheckpointError(.malformed, file: name, key: key, "does not name a file in the same folder")
            }
            fileOfKey[key] = file
        }
        var files: [String: TensorFile] = [:]
        for file in Set(fileOfKey.values).sorted() {
            files[file] = try TensorFile(folder.appending(path: file), name: prefix + file)
        }
        for (key, file) in fileOfKey where files[file]?.shape(of: key) == nil {
            throw CheckpointError(.missingKey, file: prefix + file, key: key, "is promised by the index and not there")
        }
        for (file, shard) in files {
            if let stray = shard.keys.first(where: { fileOfKey[$0] != file }) {
                throw CheckpointError(.malformed, file: prefix + file, key: stray, "is not in the index")
            }
        }
        self.fileOfKey = fileOfKey
        self.files = files
    }

    public var keys: [String] { fileOfKey.keys.sorted() }

    public func shape(of key: String) -> [Int]? { file(of: key)?.shape(of: key) }
    public func dtype(of key: String) -> DType? { file(of: key)?.dtype(of: key) }

    public func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        try holder(of: key).tensor(key, dtype: dtype, device: device)
    }

    public func copy(_ key: String, into room: Tensor) throws { try holder(of: key).copy(key, into: room) }

    private func holder(of key: String) throws -> TensorFile {
        guard let file = file(of: key) else {
            throw CheckpointError(.missingKey, file: name, key: key, "is not in the index")
        }
        return file
    }

    private func file(of key: String) -> TensorFile? { fileOfKey[key].flatMap { files[$0] } }
}

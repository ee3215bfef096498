import Checkpoints
import Foundation
import TestSupport
import Torch

/// What the published checkpoints of DALL·E mini lack, and how min-dalle's lie.
enum PublishedDalleMini {
    /// Normalisations whose scale is in the layer after them, and so is 1 and not in the files.
    private static let unscaled = [
        "pre_self_attn_layer_norm.weight", "pre_encoder_attn_layer_norm.weight", "glu.ln0.weight", "glu.ln1.weight",
    ]

    static func has(_ key: String) -> Bool { !unscaled.contains(where: key.hasSuffix) }

    /// Copies a model, with 1 for all scales that the published checkpoints do not have.
    static func writeUnscaled(_ source: URL, to folder: URL) throws {
        try FileManager.default.copyItem(at: source, to: folder)
        for network in ["encoder", "decoder"] {
            let path = "\(network).safetensors"
            let file = try TensorFile(source.appending(path: path))
            try FileManager.default.removeItem(at: folder.appending(path: path))
            try SafetensorsWriter.write(
                file.keys.map { key in
                    let tensor = try file.tensor(key)
                    return (key, has(key) ? tensor : Tensor.ones(tensor.shape))
                }, to: folder.appending(path: path))
        }
    }

    /// Writes a model as min-dalle converted the Flax checkpoints: the vocabulary beside the networks, and archives in
    /// which all layers are transposed views of one storage.
    static func writeArchives(_ source: URL, to folder: URL) throws {
        let files = FileManager.default
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        for path in ["config.json", "detoker.safetensors", "tokenizer/vocab.json", "tokenizer/merges.txt"] {
            let file = source.appending(path: path)
            try files.copyItem(at: file, to: folder.appending(path: file.lastPathComponent))
        }
        for network in ["encoder", "decoder"] {
            let archive = try archive(TensorFile(source.appending(path: "\(network).safetensors")))
            try Data(archive).write(to: folder.appending(path: "\(network).pt"))
        }
    }

    private static func archive(_ file: TensorFile) throws -> [UInt8] {
        var views: [TorchArchiveBuilder.View] = []
        var storages: [[Float]] = []
        var places: [String: Int] = [:]
        for key in file.keys where has(key) {
            let tensor = try file.tensor(key)
            let layers = key.replacing(/^layers\.\d+/, with: "layers")
            let place = places[layers] ?? storages.count
            if place == storages.count {
                storages.append([])
                places[layers] = place
            }
            let isMatrix = tensor.rank == 2
            views.append(
                .init(
                    key, storage: place, offset: storages[place].count, shape: tensor.shape,
                    strides: isMatrix ? [1, tensor.size(0)] : [1]))
            storages[place] += try (isMatrix ? tensor.transpose(0, 1).contiguous() : tensor).floats()
        }
        return TorchArchiveBuilder.archive(views, storages: storages)
    }
}

import Checkpoints
import Foundation
import TestSupport
import Torch

/// Writes a model in min-dalle's layout as the Flax checkpoints lie that it was converted from.
enum FlaxDalleMini {
    static func write(_ source: URL, to folder: URL) throws {
        let files = FileManager.default
        let vqgan = folder.appending(path: "vqgan")
        try files.createDirectory(at: vqgan, withIntermediateDirectories: true)
        for path in ["vocab.json", "merges.txt"] {
            try files.copyItem(
                at: source.appending(path: "tokenizer/\(path)"), to: folder.appending(path: path))
        }
        for place in [folder, vqgan] {
            try files.copyItem(
                at: source.appending(path: "config.json"), to: place.appending(path: "config.json"))
        }
        var bart = Tree()
        for network in ["encoder", "decoder"] { try add(network, of: source, to: &bart) }
        try Data(bart.flax.bytes).write(to: folder.appending(path: "flax_model.msgpack"))
        var codes = Tree()
        let detoker = try TensorFile(source.appending(path: "detoker.safetensors"))
        for key in detoker.keys {
            let name = key == "embedding.weight" ? "quantize.embedding.weight" : vqganName(key)
            try codes.add(name, try detoker.tensor(key))
        }
        try Data(codes.flax.bytes).write(to: vqgan.appending(path: "flax_model.msgpack"))
    }

    private static func add(_ network: String, of source: URL, to tree: inout Tree) throws {
        let file = try TensorFile(source.appending(path: "\(network).safetensors"))
        var layers: [String: [Int: Tensor]] = [:]
        for key in file.keys where PublishedDalleMini.has(key) {
            let tensor = try file.tensor(key)
            let parts = key.split(separator: ".").map(String.init)
            if parts[0] == "layers", let layer = Int(parts[1]) {
                layers[layerName(parts.dropFirst(2).joined(separator: ".")), default: [:]][layer] = tensor
            } else {
                try tree.add(parts[0] == "lm_head" ? key : "model.\(network).\(key)", tensor)
            }
        }
        let kind = "FlaxBart\(network.capitalized)Layers"
        for (name, tensors) in layers {
            let stacked = (0..<tensors.count).compactMap { tensors[$0] }
            try tree.add("model.\(network).layers.\(kind).\(name)", stacked)
        }
    }

    private static func layerName(_ name: String) -> String {
        let names = [
            ("pre_self_attn_layer_norm", "LayerNorm_0"), ("pre_encoder_attn_layer_norm", "LayerNorm_2"),
            ("self_attn_layer_norm", "LayerNorm_1"), ("encoder_attn_layer_norm", "LayerNorm_3"),
            ("self_attn", "FlaxBartAttention_0"), ("encoder_attn", "FlaxBartAttention_1"),
            ("glu.ln", "GLU_0.LayerNorm_"), ("glu.fc", "GLU_0.Dense_"),
        ]
        let (own, flax) = names.first { name.hasPrefix($0.0) } ?? ("", "")
        return flax + name.dropFirst(own.count)
    }

    private static func vqganName(_ key: String) -> String {
        var name = key
        for part in ["up", "block", "attn"] { name = name.replacing("\(part).", with: "\(part)_") }
        return name
    }

    /// Arrays by the parts of their names.
    private final class Node {
        var children: [(String, Node)] = []
        var value: FlaxBuilder?

        subscript(_ name: String) -> Node {
            if let known = children.first(where: { $0.0 == name }) { return known.1 }
            let node = Node()
            children.append((name, node))
            return node
        }

        var flax: FlaxBuilder { value ?? .map(children.map { ($0.0, $0.1.flax) }) }
    }

    private struct Tree {
        let root = Node()
        var flax: FlaxBuilder { root.flax }

        mutating func add(_ key: String, _ tensor: Tensor) throws {
            let (name, ordered) = Self.flax(key, tensor)
            put(name, .floats(try ordered.floats(), shape: ordered.shape))
        }

        mutating func add(_ key: String, _ layers: [Tensor]) throws {
            let all = layers.map { Self.flax(key, $0) }
            let stacked = Tensor.stack(all.map(\.1), dim: 0)
            put(all[0].0, .floats(try stacked.floats(), shape: stacked.shape))
        }

        private func put(_ name: String, _ value: FlaxBuilder) {
            name.split(separator: ".").reduce(root) { $0[String($1)] }.value = value
        }

        /// Flax's name of a parameter, and its order of dimensions.
        private static func flax(_ key: String, _ tensor: Tensor) -> (String, Tensor) {
            guard key.hasSuffix(".weight") else { return (key, tensor) }
            let stem = key.dropLast("weight".count)
            if stem.hasSuffix("embedding.") || stem.contains("embed_") { return (stem + "embedding", tensor) }
            switch tensor.rank {
            case 1: return (stem + "scale", tensor)
            case 2: return (stem + "kernel", tensor.transpose(0, 1).contiguous())
            default: return (stem + "kernel", tensor.permute([2, 3, 1, 0]).contiguous())
            }
        }
    }
}

import Checkpoints
import Foundation
import NN
import Torch

/// Writes the parts of a model folder in the diffusers layout.
enum ComponentWriter {
    /// `config.json` and `FILE.safetensors` of a network.
    static func write(
        _ store: ParameterStore, config: some Encodable, to folder: URL, file: String = "diffusion_pytorch_model",
        dtype: DType
    ) throws {
        try write(config, to: folder, file: "config.json")
        let tensors = store.all.map { (key: $0.key, tensor: $0.tensor.detach().to(dtype)) }
        try SafetensorsWriter.write(tensors, to: folder.appending(path: file + ".safetensors"))
    }

    /// A configuration alone.
    static func write(_ config: some Encodable, to folder: URL, file: String) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(config).write(to: folder.appending(path: file), options: .atomic)
    }

    /// The files of a folder.
    static func copy(_ source: URL, to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
            let content = try Data(contentsOf: source.appending(path: name))
            try content.write(to: folder.appending(path: name), options: .atomic)
        }
    }
}

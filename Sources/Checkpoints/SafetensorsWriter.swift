import Foundation
import Torch

/// Writes tensors as a safetensors file.
public enum SafetensorsWriter {
    /// Writes the tensors one after the other, so that only one of them is in memory twice. Larger elements come first
    /// and keys are in alphabetical order among equals, as in the reference, so every tensor is aligned and the same
    /// tensors give the same bytes.
    ///
    /// - Throws: `CheckpointError` when a key is given twice or the file cannot be written; `TorchError`.
    public static func write(
        _ tensors: [(key: String, tensor: Tensor)], to url: URL, name: String? = nil,
        metadata: [String: String] = ["format": "pt"]
    ) throws {
        let name = name ?? url.lastPathComponent
        let sorted = tensors.sorted { ($1.tensor.dtype.size, $0.key) < ($0.tensor.dtype.size, $1.key) }
        var header: [String: JSON] = ["__metadata__": .object(metadata.mapValues { .string($0) })]
        var offset = 0
        for (key, tensor) in sorted {
            let end = offset + tensor.count * tensor.dtype.size
            let entry: [String: JSON] = [
                "dtype": .string(StoredType(tensor.dtype).rawValue),
                "shape": .array(tensor.shape.map { .integer($0) }),
                "data_offsets": .array([.integer(offset), .integer(end)]),
            ]
            guard header.updateValue(.object(entry), forKey: key) == nil else {
                throw CheckpointError(.unwritable, file: name, key: key, "is given twice")
            }
            offset = end
        }
        let text = try encode(header)
        try AtomicFile.write(to: url, name: name) { file in
            try withUnsafeBytes(of: UInt64(text.count).littleEndian) { try file.write($0) }
            try file.write(text)
            for (_, tensor) in sorted { try file.write(tensor.rawBytes()) }
        }
    }

    /// JSON padded with spaces, so that the tensors begin at a multiple of eight.
    private static func encode(_ header: [String: JSON]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = try encoder.encode(header)
        text.append(contentsOf: repeatElement(0x20, count: (8 - text.count % 8) % 8))
        return text
    }
}

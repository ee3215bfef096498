/// Hugging Face's format: a JSON header, then the tensors' bytes.
enum Safetensors: TensorFormat {
    static func claims(_ file: UnsafeRawBufferPointer) -> Bool { true }

    static func read(_ file: UnsafeRawBufferPointer, name: String) throws(CheckpointError) -> TensorDirectory {
        let header = try SafetensorsHeader(file, name: name)
        let tensors = header.entries.mapValues { entry in
            let bytes = header.dataStart + entry.bytes.lowerBound..<header.dataStart + entry.bytes.upperBound
            return StoredTensor(entry.type, shape: entry.shape, content: .bytes([bytes]))
        }
        return TensorDirectory(tensors: tensors, metadata: header.metadata)
    }
}

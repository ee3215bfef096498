/// What `torch.save` writes since PyTorch 1.6: a zip archive with a pickle that describes the tensors, and a file for
/// each storage.
enum TorchArchive: TensorFormat {
    /// Descriptions of the largest models have some hundred kilobytes.
    private static let largestPickle = 16 << 20
    /// Where training programs put the weights among other things.
    private static let weightsKeys = ["state_dict", "model_state_dict", "model"]

    static func claims(_ file: UnsafeRawBufferPointer) -> Bool { file.starts(with: [0x50, 0x4B, 0x03, 0x04]) }

    static func read(_ file: UnsafeRawBufferPointer, name: String) throws(CheckpointError) -> TensorDirectory {
        let files = try ZipDirectory(file, name: name).files
        let pickles = files.keys.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }
        guard pickles.count == 1, let path = pickles.first, let pickle = files[path] else {
            throw CheckpointError(.malformed, file: name, "holds no data.pkl; it is not an archive of PyTorch")
        }
        guard pickle.count <= largestPickle else {
            throw CheckpointError(.unsupported, file: name, "its description takes \(pickle.count) bytes")
        }
        let folder = path.dropLast("data.pkl".count)
        if let order = files[folder + "byteorder"], String(decoding: file[order], as: UTF8.self) != "little" {
            throw CheckpointError(.unsupported, file: name, "was written by a machine with another byte order")
        }
        var machine = PickleMachine(ByteReader(file, in: pickle, name: name)) { files[folder + "data/" + $0] }
        let root = try machine.run()
        return TensorDirectory(tensors: try weights(root, machine, name))
    }

    /// The tensors of the dictionary at the root, or of the one in it that holds the weights. What is not a tensor is
    /// none of a network's weights.
    private static func weights(
        _ root: PickleValue, _ machine: PickleMachine, _ name: String
    ) throws(CheckpointError) -> [String: StoredTensor] {
        guard let items = machine.dictionary(root) else {
            throw CheckpointError(.unsupported, file: name, "holds no dictionary of tensors; save a state_dict")
        }
        let inner = weightsKeys.lazy.compactMap { key in items[key].flatMap(machine.dictionary) }.first
        return (inner ?? items).compactMapValues { if case .tensor(let tensor) = $0 { tensor } else { nil } }
    }
}

/// What `torch.save` wrote before PyTorch 1.6: pickles one after the other. It is recognised only to be refused.
enum LegacyTorchFile: TensorFormat {
    /// A pickle of protocol 2 that is PyTorch's own number.
    static func claims(_ file: UnsafeRawBufferPointer) -> Bool {
        file.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])
    }

    static func read(_ file: UnsafeRawBufferPointer, name: String) throws(CheckpointError) -> TensorDirectory {
        throw CheckpointError(
            .unsupported, file: name,
            "was saved by a PyTorch before 1.6; open it with a newer one and save it again, best as safetensors")
    }
}

import Checkpoints
import Foundation
import TestSupport
import Torch

/// Files of tensors of each format. What is accepted is read to the last element.
struct CheckpointTarget: FuzzTarget {
    let seeds: [[UInt8]]
    let words: [[UInt8]]
    private let file = FileManager.default.temporaryDirectory.appending(path: "limn-fuzz-\(UUID().uuidString)")
    /// No tensor of a small file is larger, whatever its header says.
    private static let mostElements = 1 << 16

    init() throws {
        let views = [
            TorchArchiveBuilder.View("a", shape: [2, 3], strides: [3, 1]),
            TorchArchiveBuilder.View("b", offset: 1, shape: [3, 1], strides: [1, 3]),
            TorchArchiveBuilder.View("c", storage: 1, shape: [], strides: []),
        ]
        let storages: [[Float]] = [[0, 1, 2, 3, 4, 5], [7]]
        let kernel = FlaxBuilder.floats([0, 1, 2, 3], shape: [2, 2])
        let tree = FlaxBuilder.map([
            ("model", .map([("a", .map([("kernel", kernel)])), ("step", .raw([0xCB, 0, 0, 0, 0, 0, 0, 0, 0]))])),
            ("big", .chunked([[1, 2], [3]], shape: [3])),
        ])
        seeds = [
            TorchArchiveBuilder.archive(views, storages: storages),
            TorchArchiveBuilder.archive(views, storages: storages, isLarge: true, alignment: 1),
            tree.bytes, try Self.safetensors(),
        ]
        words =
            [
                TorchArchiveBuilder.global("os", "system"), TorchArchiveBuilder.global("torch", "HalfStorage"),
                TorchArchiveBuilder.tuple([1 << 40, -1]), TorchArchiveBuilder.int(.max), [0x68, 0], [0x52], [0x86],
                [0x28, 0x74], [0x5D, 0x71, 0], [0x93], [0x94], [0x8D], [0xDF, 0xFF, 0xFF, 0xFF, 0xFF], [0xC6], [0x91],
                [0xC7, 4, 1], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 1, 2], Array(repeating: 0xFF, count: 8),
            ]
            + ["F32", "BF16", "U64", "[", "{", "\"shape\"", "data_offsets", "9223372036854775807", "-1", "float32"].map
        {
            Array($0.utf8)
        }
    }

    private static func safetensors() throws -> [UInt8] {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "a")
            try SafetensorsWriter.write(
                [("a", Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])), ("b", Tensor([1, 2] as [Int64]))], to: url)
            return Array(try Data(contentsOf: url))
        }
    }

    func removeFile() { try? FileManager.default.removeItem(at: file) }

    /// A safetensors header's length: without this, few damaged headers are read at all.
    func repair(_ input: inout [UInt8]) {
        guard input.count > 8, input[8] == UInt8(ascii: "{"), let end = input.lastIndex(of: UInt8(ascii: "}")), end > 8
        else {
            return
        }
        withUnsafeBytes(of: UInt64(end - 7).littleEndian) { input.replaceSubrange(0..<8, with: $0) }
    }

    func accepts(_ input: [UInt8]) throws -> Bool {
        try Data(input).write(to: file)
        do {
            let tensors = try TensorFile(file, name: "a")
            for key in tensors.keys { try read(key, of: tensors) }
            return true
        } catch let error as CheckpointError {
            guard !error.description.isEmpty else { throw FuzzFailure("an error without words") }
            return false
        }
    }

    private func read(_ key: String, of tensors: TensorFile) throws {
        guard let shape = tensors.shape(of: key) else { throw FuzzFailure("a key without a shape") }
        guard !shape.contains(0) else { return }
        guard shape.reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) <= Self.mostElements else {
            throw FuzzFailure("a tensor of \(shape) in a file that cannot hold it")
        }
        let tensor = try tensors.tensor(key)
        guard tensor.shape == shape, try tensor.rawBytes().count == tensor.count * tensor.dtype.size else {
            throw FuzzFailure("\(key) is not what the file says")
        }
        _ = try tensors.tensor(key, dtype: .bfloat16, device: .cpu).floats()
    }
}

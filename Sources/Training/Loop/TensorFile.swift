import Foundation
import Torch

/// TEMPORARY until Checkpoints lands.
enum TensorFile {
    static func write(_ tensors: [(key: String, tensor: Tensor)], to file: URL) throws {
        let names: [DType: String] = [.float32: "F32", .bfloat16: "BF16", .float16: "F16", .int64: "I64"]
        var fields = ["\"__metadata__\":{\"format\":\"pt\"}"]
        var offset = 0
        let sorted = tensors.sorted { $0.key < $1.key }
        for (key, tensor) in sorted {
            let bytes = tensor.count * tensor.dtype.size
            fields.append("\"\(key)\":{\"dtype\":\"\(names[tensor.dtype]!)\",\"shape\":\(tensor.shape),\"data_offsets\":[\(offset),\(offset + bytes)]}")
            offset += bytes
        }
        var header = Array("{\(fields.joined(separator: ","))}".utf8)
        while header.count % 8 != 0 { header.append(32) }
        let temporary = file.appendingPathExtension("partial")
        try Data().write(to: temporary)
        let handle = try FileHandle(forWritingTo: temporary)
        try handle.write(contentsOf: withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header)
        for (_, tensor) in sorted { try handle.write(contentsOf: tensor.rawBytes()) }
        try handle.close()
        guard rename(temporary.path, file.path) == 0 else { throw TrainingError.unreadable(file: file.lastPathComponent, reason: "cannot be written") }
    }

    static func read(_ file: URL) throws -> [String: Tensor] {
        struct Entry: Decodable { let dtype: String, shape: [Int], data_offsets: [Int] }
        let data = try Data(contentsOf: file, options: .alwaysMapped)
        let length = Int(data.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        let object = try JSONSerialization.jsonObject(with: data[8..<(8 + length)]) as! [String: Any]
        var result: [String: Tensor] = [:]
        for (key, value) in object where key != "__metadata__" {
            let entry = value as! [String: Any]
            let shape = entry["shape"] as! [Int], offsets = entry["data_offsets"] as! [Int]
            let types: [String: DType] = ["F32": .float32, "BF16": .bfloat16, "F16": .float16, "I64": .int64]
            result[key] = data.withUnsafeBytes {
                Tensor(copying: UnsafeRawBufferPointer(rebasing: $0[(8 + length + offsets[0])..<(8 + length + offsets[1])]), shape: shape, dtype: types[entry["dtype"] as! String]!)
            }
        }
        return result
    }
}

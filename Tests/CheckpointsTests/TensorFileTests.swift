import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite(.serialized)
struct TensorFileTests {
    @Test func readsWhatWasWritten() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "a.safetensors")
            let written: [(key: String, tensor: Tensor)] = [
                ("b.weight", Tensor([1.5, -2, 3] as [Float], shape: [3, 1])), ("ids", Tensor([1, -7] as [Int64])),
                ("mask", Tensor([true, false, true])), ("bytes", Tensor([1, 2, 255] as [UInt8])),
                ("half", Tensor([0.5, 1] as [Float]).to(.float16)),
                ("brain", Tensor([0.5, 3] as [Float]).to(.bfloat16)),
                ("double", Tensor([0.1])), ("scalar", Tensor([7] as [Float], shape: [])),
                ("empty", Tensor([] as [Float], shape: [0, 4])), ("a\"\\/é🐱", Tensor([1] as [Int32])),
            ]
            try SafetensorsWriter.write(written, to: url)
            let file = try TensorFile(url)
            #expect(file.keys == written.map(\.key).sorted())
            #expect(file.metadata == ["format": "pt"])
            for (key, tensor) in written {
                let read = try file.tensor(key)
                #expect(read.dtype == tensor.dtype, "\(key)")
                #expect(read.shape == tensor.shape, "\(key)")
                #expect(file.shape(of: key) == tensor.shape, "\(key)")
                #expect(file.dtype(of: key) == tensor.dtype, "\(key)")
                #expect(try read.rawBytes() == tensor.rawBytes(), "\(key)")
            }
            let again = folder.appending(path: "b.safetensors")
            try SafetensorsWriter.write(written.reversed(), to: again)
            #expect(try Data(contentsOf: url) == Data(contentsOf: again))
            #expect(try Data(contentsOf: url)[0] % 8 == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
        }
    }

    @Test func castsAndOutlivesTheFile() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "a.safetensors")
            try SafetensorsWriter.write([("a", Tensor([1, 2, 3.5] as [Float]))], to: url)
            func open() throws -> Tensor { try TensorFile(url).tensor("a", dtype: .float32, device: .cpu) }
            let tensor = try open()
            try FileManager.default.removeItem(at: url)
            #expect(try tensor.floats() == [1, 2, 3.5])
            #expect(tensor.to(.bfloat16).dtype == .bfloat16)
        }
    }

    @Test func changesInPlaceDoNotReachTheFile() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "a.safetensors")
            try SafetensorsWriter.write([("a", Tensor([1, 2] as [Float]))], to: url)
            let before = try Data(contentsOf: url)
            let tensor = try TensorFile(url).tensor("a")
            tensor.scaleInPlace(3)
            #expect(try tensor.floats() == [3, 6])
            #expect(try Data(contentsOf: url) == before)
        }
    }

    @Test func readsUnalignedTensors() throws {
        try withTemporaryFolder { folder in
            var header = Array(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#.utf8)
            while header.count % 4 != 1 { header.append(0x20) }
            let values: [Float] = [1.25, -8]
            let bytes =
                withUnsafeBytes(of: UInt64(header.count)) { Data($0) } + header + values.withUnsafeBytes { Data($0) }
            try bytes.write(to: folder.appending(path: "a.safetensors"))
            let file = try TensorFile(folder.appending(path: "a.safetensors"))
            #expect(try file.tensor("a").floats() == values)
        }
    }

    private func fault(_ body: () throws -> Void) -> CheckpointError? {
        #expect(throws: CheckpointError.self, performing: body)
    }

    @Test func saysWhatIsWrong() throws {
        try withTemporaryFolder { folder in
            let missing = #expect(throws: CheckpointError.self) {
                try TensorFile(folder.appending(path: "none.safetensors"), name: "unet/none.safetensors")
            }
            #expect(missing?.kind == .missingFile)
            #expect(missing?.file == "unet/none.safetensors")
            #expect(throws: CheckpointError.self) { try TensorFile(folder) }
            let url = folder.appending(path: "a.safetensors")
            try Data().write(to: url)
            #expect(fault { _ = try TensorFile(url) }?.kind == .truncated)
            try SafetensorsWriter.write([("a", Tensor([1] as [Float]))], to: url)
            let file = try TensorFile(url)
            let key = #expect(throws: CheckpointError.self) { try file.tensor("b") }
            #expect(key?.kind == .missingKey)
            #expect(key?.key == "b")
            try Data(contentsOf: url).dropLast().write(to: url)
            #expect(fault { _ = try TensorFile(url) }?.kind == .truncated)
        }
    }

    @Test func writesWholeFilesOrNone() throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "a.safetensors")
            try Data("before".utf8).write(to: url)
            #expect(throws: CheckpointError.self) {
                try SafetensorsWriter.write([("a", Tensor([1])), ("a", Tensor([2]))], to: url)
            }
            #expect(throws: CheckpointError.self) {
                try SafetensorsWriter.write([("__metadata__", Tensor([1]))], to: url)
            }
            struct Stop: Error {}
            #expect(throws: Stop.self) {
                try AtomicFile.write(to: url) {
                    try $0.write(Data([1, 2, 3]))
                    throw Stop()
                }
            }
            #expect(try Data(contentsOf: url) == Data("before".utf8))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
            let error = #expect(throws: CheckpointError.self) {
                try AtomicFile.write(Data([1]), to: folder.appending(path: "none/a.json"), name: "none/a.json")
            }
            #expect(error?.kind == .unwritable)
            #expect(error?.file == "none/a.json")
        }
    }
}

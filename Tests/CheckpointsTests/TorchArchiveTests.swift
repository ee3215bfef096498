import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite(.serialized)
struct TorchArchiveTests {
    private typealias Builder = TorchArchiveBuilder

    private func open<R>(_ bytes: [UInt8], _ body: (TensorFile) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "model.pt")
            try Data(bytes).write(to: url)
            return try body(try TensorFile(url))
        }
    }

    private func fault(_ pickle: [UInt8], storages: [[Float]] = [[1, 2]]) -> CheckpointError? {
        fault(archive: Builder.archive(pickle: Builder.pickle(pickle), storages: storages))
    }

    private func fault(archive: [UInt8]) -> CheckpointError? {
        #expect(throws: CheckpointError.self) { try open(archive) { _ in } }
    }

    private static let views = [
        Builder.View("a", shape: [2, 3], strides: [3, 1]), Builder.View("b", shape: [3, 2], strides: [1, 3]),
        Builder.View("c", offset: 4, shape: [2], strides: [1]),
        Builder.View("d", storage: 1, shape: [], strides: []),
        Builder.View("e", storage: 1, offset: 1, shape: [0, 4], strides: [4, 1]),
    ]
    private static let storages: [[Float]] = [[0, 1, 2, 3, 4, 5], [7]]

    @Test(arguments: [false, true], [64, 1])
    func readsSharedAndStridedStorages(isLarge: Bool, alignment: Int) throws {
        let archive = Builder.archive(Self.views, storages: Self.storages, isLarge: isLarge, alignment: alignment)
        try open(archive) { (file: TensorFile) throws -> Void in
            #expect(file.keys == ["a", "b", "c", "d", "e"])
            #expect(file.shape(of: "b") == [3, 2])
            #expect(file.dtype(of: "a") == .float32)
            #expect(try file.tensor("a").floats() == [0, 1, 2, 3, 4, 5])
            #expect(try file.tensor("b").floats() == [0, 3, 1, 4, 2, 5])
            #expect(try file.tensor("c").floats() == [4, 5])
            #expect(try file.tensor("d").item() == 7)
            #expect(try file.tensor("e").shape == [0, 4])
            let half = try file.tensor("b", dtype: .bfloat16, device: .cpu)
            #expect(half.dtype == .bfloat16)
            #expect(try half.floats() == [0, 3, 1, 4, 2, 5])
            // What was cast is read from the file again.
            #expect(try file.tensor("a").floats() == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test func findsTheWeightsAmongWhatTrainingSaves() throws {
        let state = Builder.state([Self.views[0]], [6])
        let root =
            [0x7D, 0x28] + Builder.string("epoch") + Builder.int(3) + Builder.string("state_dict") + state + [0x75]
        try open(Builder.archive(pickle: Builder.pickle(root), storages: Self.storages)) { #expect($0.keys == ["a"]) }
    }

    @Test func namesWhatItDoesNotRun() {
        for (module, name) in [("os", "system"), ("builtins", "eval"), ("torch", "load"), ("torch._utils", "x")] {
            let call = Builder.global(module, name) + Builder.string("echo") + [0x85, 0x52]
            let error = fault(call)
            #expect(error?.kind == .unsupported)
            #expect(error?.key == "\(module).\(name)")
        }
        // By the operation of protocol 4.
        let named = Builder.string("os") + Builder.string("system") + [0x93]
        #expect(fault(named)?.key == "os.system")
    }

    /// Objects of other classes, persistent texts and extensions: operations that no description of tensors uses.
    @Test(arguments: [0x69, 0x6F, 0x81, 0x92, 0x50, 0x82, 0x49, 0x32, 0xFF] as [UInt8])
    func refusesOtherOperations(code: UInt8) {
        #expect(fault([0x7D, code])?.kind == .unsupported)
    }

    @Test func refusesTensorsOutsideTheirStorage() {
        let cases: [Builder.View] = [
            .init("a", shape: [3], strides: [1]), .init("a", offset: 1, shape: [2], strides: [1]),
            .init("a", shape: [2], strides: [2]), .init("a", offset: -1, shape: [1], strides: [1]),
            .init("a", shape: [2], strides: [-1]), .init("a", shape: [-1], strides: [1]),
            .init("a", shape: [.max, .max], strides: [0, 0]), .init("a", shape: [1 << 40], strides: [0]),
            .init("a", shape: [2, 1], strides: [.max, .max]), .init("a", shape: [2], strides: []),
            .init("a", shape: Array(repeating: 1, count: 100), strides: Array(repeating: 1, count: 100)),
        ]
        for view in cases {
            #expect(fault(Builder.state([view], [2]))?.kind == .malformed, "\(view)")
        }
        let view = Builder.View("a", shape: [1], strides: [1])
        for count in [3, .max] { #expect(fault(Builder.state([view], [count]))?.kind == .truncated) }
        let lost = Builder.View("a", storage: 9, shape: [1], strides: [1])
        #expect(fault(Builder.state([lost], Array(repeating: 1, count: 10)))?.key == "data/9")
    }

    /// A list in itself, a tuple of itself a thousand times over, a hundred thousand lists in each other.
    @Test func survivesCyclesAndNesting() {
        #expect(fault([0x5D, 0x71, 0, 0x68, 0, 0x61])?.kind == .unsupported)
        let twice: [UInt8] = [0x68, 0, 0x68, 0, 0x86, 0x71, 0]
        let bomb: [UInt8] = [0x5D, 0x71, 0] + Array(repeating: twice, count: 1000).joined()
        #expect(fault(bomb) != nil)
        let deep = Array(repeating: 0x5D as UInt8, count: 100_000) + Array(repeating: 0x61, count: 99_999)
        #expect(fault(deep)?.kind == .unsupported)
        #expect(fault(Array(repeating: 0x5D, count: 600_000))?.kind == .malformed)
    }

    @Test func refusesBrokenPickles() {
        let pickles: [[UInt8]] = [
            [], [0x52], [0x74], [0x85], [0x75], [0x68, 3], [0x28, 0x52], [0x4E, 0x51], [0x58, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x8D, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x8A, 200], [0x63, 0x61], [0x80, 9],
            [0x4E, 0x61], [0x7D, 0x4E, 0x61], Builder.global("torch", "FloatStorage") + [0x29, 0x52],
        ]
        for pickle in pickles { #expect(fault(pickle)?.message.isEmpty == false, "\(pickle)") }
    }

    @Test func refusesBrokenArchives() {
        let whole = Builder.archive(Self.views, storages: Self.storages)
        #expect(fault(archive: Array(whole.dropLast(30)))?.kind == .truncated)
        #expect(fault(archive: Array(whole.prefix(100)))?.kind == .truncated)
        var zip = ZipBuilder()
        zip.add("model/data.pkl", Builder.pickle([0x7D]), method: 8)
        #expect(fault(archive: zip.finished())?.kind == .unsupported)
        zip = ZipBuilder()
        zip.add("readme", [1])
        #expect(fault(archive: zip.finished())?.kind == .malformed)
        zip.add("readme", [1])
        #expect(fault(archive: zip.finished())?.key == "readme")
        let old: [UInt8] = [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        #expect(fault(archive: old)?.kind == .unsupported)
    }
}

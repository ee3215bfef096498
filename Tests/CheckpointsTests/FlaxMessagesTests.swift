import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite(.serialized)
struct FlaxMessagesTests {
    private func open<R>(_ bytes: [UInt8], _ body: (TensorFile) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "flax_model.msgpack")
            try Data(bytes).write(to: url)
            return try body(try TensorFile(url))
        }
    }

    private func fault(_ value: [UInt8]) -> CheckpointError? {
        fault(whole: FlaxBuilder.map([("model", .map([("a", .raw(value))]))]).bytes)
    }

    private func fault(whole: [UInt8]) -> CheckpointError? {
        #expect(throws: CheckpointError.self) { try open(whole) { _ in } }
    }

    private static let tree = FlaxBuilder.map([
        (
            "model",
            .map([
                ("layers", .map([("norm", .map([("bias", .floats([1, 2, 3, 4, 5, 6], shape: [2, 3]))]))])),
                ("dense", .map([("kernel", .floats([0, 1, 2, 3, 4, 5], shape: [2, 3]))])),
            ])
        ),
        ("head", .map([("kernel", .chunked([[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]], shape: [2, 3, 2]))])),
        ("step", .raw([0x07])),
    ])

    @Test func readsArraysAndChunkedArrays() throws {
        try open(Self.tree.bytes) { (file: TensorFile) throws -> Void in
            #expect(file.keys == ["head.kernel", "model.dense.kernel", "model.layers.norm.bias"])
            #expect(file.shape(of: "head.kernel") == [2, 3, 2])
            #expect(try file.tensor("head.kernel").floats() == (0..<12).map(Float.init))
            #expect(try file.tensor("model.dense.kernel").floats() == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test func renamesTransposesAndUnstacks() throws {
        let map = KeyMap(
            roots: [("model.", ""), ("head.", "lm_head.")],
            renames: [.init("layers", "layers.*"), .init("dense", "fc0")], leaves: KeyMap.flaxLeaves,
            addsUnitWeights: true)
        try open(Self.tree.bytes) { (file: TensorFile) throws -> Void in
            let file = try file.renamed(by: map)
            #expect(
                file.keys == [
                    "fc0.weight", "layers.0.norm.bias", "layers.0.norm.weight", "layers.1.norm.bias",
                    "layers.1.norm.weight", "lm_head.weight",
                ])
            #expect(file.shape(of: "fc0.weight") == [3, 2])
            #expect(try file.tensor("fc0.weight").floats() == [0, 3, 1, 4, 2, 5])
            #expect(try file.tensor("layers.1.norm.bias").floats() == [4, 5, 6])
            #expect(try file.tensor("layers.0.norm.weight").floats() == [1, 1, 1])
            #expect(try file.tensor("fc0.weight", dtype: .bfloat16, device: .cpu).floats() == [0, 3, 1, 4, 2, 5])
        }
    }

    /// Layers across the borders of pieces.
    @Test func unstacksChunkedArrays() throws {
        let map = KeyMap(roots: [("head.", "*.")])
        try open(Self.tree.bytes) { (file: TensorFile) throws -> Void in
            let file = try file.renamed(by: map)
            #expect(try file.tensor("0.kernel").floats() == [0, 1, 2, 3, 4, 5])
            #expect(try file.tensor("1.kernel").floats() == [6, 7, 8, 9, 10, 11])
        }
    }

    @Test func numbersInNamesStay() throws {
        let kernel = FlaxBuilder.map([("kernel", .floats([1], shape: [1, 1, 1, 1]))])
        let tree = FlaxBuilder.map([
            ("up_12", .map([("block_3", kernel)])), ("mid", .map([("block_1", kernel)])), ("up_x", kernel),
        ])
        let map = KeyMap(
            roots: [("", "")],
            renames: [.init("mid.block_#", "mid.block_#"), .init("up_#", "up.#"), .init("block_#", "block.#")],
            leaves: KeyMap.flaxLeaves)
        try open(tree.bytes) { (file: TensorFile) throws -> Void in
            #expect(try file.renamed(by: map).keys == ["mid.block_1.weight", "up.12.block.3.weight", "up_x.weight"])
        }
    }

    @Test func twoTensorsOfOneNameAreRefused() throws {
        try open(Self.tree.bytes) { (file: TensorFile) throws -> Void in
            let map = KeyMap(roots: [("model.dense.", "x."), ("head.", "x.")])
            #expect(throws: CheckpointError.self) { try file.renamed(by: map) }
        }
    }

    @Test func refusesWhatIsNoArray() {
        let one = FlaxBuilder.array([1], "float32", [0, 0, 0, 0])
        #expect(fault(FlaxBuilder.extended(2, one))?.kind == .unsupported)
        #expect(fault(FlaxBuilder.extended(9, one))?.key == "model.a")
        #expect(fault(FlaxBuilder.extended(1, FlaxBuilder.array([2], "float32", [0, 0, 0, 0])))?.kind == .malformed)
        #expect(fault(FlaxBuilder.extended(1, FlaxBuilder.array([1], "object", [0, 0, 0, 0])))?.kind == .unsupported)
        #expect(fault(FlaxBuilder.extended(1, [0x90]))?.kind == .malformed)
        #expect(fault([0xC1])?.kind == .malformed)
        #expect(fault([0xDD, 0xFF, 0xFF, 0xFF, 0xFF])?.kind == .truncated)
        #expect(fault([0xC6, 0xFF, 0xFF, 0xFF, 0xFF])?.kind == .truncated)
        #expect(fault(Array(repeating: 0x91, count: 100_000) + [0xC0])?.kind == .unsupported)
        #expect(fault(FlaxBuilder.chunked([[1, 2]], shape: [3]).bytes)?.kind == .malformed)
        #expect(fault(whole: FlaxBuilder.map([]).bytes + [0])?.kind == .malformed)
        #expect(fault(whole: Array(Self.tree.bytes.dropLast(20)))?.kind == .truncated)
    }
}

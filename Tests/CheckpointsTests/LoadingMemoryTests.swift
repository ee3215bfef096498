#if os(Linux)
import Foundation
import NN
import TestSupport
import Testing
import Torch

@testable import Checkpoints

/// The memory that reading weights takes, in a process of its own, as the kernel counts it: what is mapped of the file
/// counts too.
@Suite(.serialized)
struct LoadingMemoryTests {
    /// 112 convolutions of 590 thousand weights.
    private static let shape = [256, 256, 3, 3]
    private static let keys = (0..<112).map { "layers.\($0).weight" }
    private static var elements: Int { shape.reduce(1, *) }

    @Test func float32IsReadAsBfloat16() async {
        await #expect(processExitsWith: .success) {
            try Self.expectLean(.bfloat16) { try Self.writeSafetensors(.float32, to: $0) }
        }
    }

    @Test func float16IsReadAsBfloat16() async {
        await #expect(processExitsWith: .success) {
            try Self.expectLean(.bfloat16) { try Self.writeSafetensors(.float16, to: $0) }
        }
    }

    /// What needs no cast is laid out anew, and its pages of the file go.
    @Test func bfloat16IsReadAsItIs() async {
        await #expect(processExitsWith: .success) {
            try Self.expectLean(.bfloat16) { try Self.writeSafetensors(.bfloat16, to: $0) }
        }
    }

    @Test func archivesOfPyTorchAreReadAsBfloat16() async {
        await #expect(processExitsWith: .success) {
            try Self.expectLean(.bfloat16) { url in
                // All are views of one storage; each is a tensor of its own once it is read.
                let strides = [256 * 9, 9, 3, 1]
                let views = Self.keys.map { TorchArchiveBuilder.View($0, shape: Self.shape, strides: strides) }
                let storage = [Float](repeating: 0.5, count: Self.elements)
                try Data(TorchArchiveBuilder.archive(views, storages: [storage])).write(to: url)
            }
        }
    }

    @Test func checkpointsOfFlaxAreReadAsBfloat16() async {
        await #expect(processExitsWith: .success) { try Self.expectLean(.bfloat16, Self.writeFlax) }
    }

    /// Nothing is cast, but every weight is laid out anew.
    @Test func checkpointsOfFlaxAreReadAsTheyAre() async {
        await #expect(processExitsWith: .success) { try Self.expectLean(.float32, Self.writeFlax) }
    }

    /// Flax keeps all layers of a kind in one array, with the channels last, and aligns nothing.
    private static func writeFlax(to url: URL) throws {
        let stacked = [keys.count] + [shape[2], shape[3], shape[1], shape[0]]
        let array = FlaxBuilder.array(
            stacked, "float32", [UInt8](repeating: 0x3F, count: keys.count * elements * DType.float32.size))
        try Data(FlaxBuilder.map([("layers", .map([("kernel", .raw(FlaxBuilder.extended(1, array)))]))]).bytes)
            .write(to: url)
    }

    private static func writeSafetensors(_ dtype: DType, to url: URL) throws {
        try SafetensorsWriter.write(keys.map { ($0, .full(shape, 0.5, dtype: dtype)) }, to: url)
    }

    private static let map = KeyMap(
        roots: [("layers.", "layers.")], renames: [.init("layers.weight", "layers.*.weight")],
        leaves: KeyMap.flaxLeaves)

    /// Expects that reading takes no more than the weights in their type and a tenth, at its peak.
    private static func expectLean(_ dtype: DType, _ write: (URL) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let url = folder.appending(path: "weights")
            try write(url)
            Library.threads = 1
            // The first tensor brings in the libraries' own pages too.
            let room = Tensor.empty([shape[0], shape[2], shape[3], shape[1]], dtype: dtype).permute([0, 3, 1, 2])
            try TensorFile(url).renamed(by: map).copy(keys[0], into: room)
            Library.trimMemory()
            let before = try Status()
            // The peak begins anew.
            try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
            let store = ParameterStore(
                source: try TensorFile(url).renamed(by: map), dtype: dtype, channelsLast: true)
            for key in keys {
                let parts = key.split(separator: ".").map(String.init)
                _ = parts.dropLast().reduce(store.root) { $0 / $1 }.parameter(parts[2], shape, .zeros)
            }
            try store.verify()
            let after = try Status()
            let weights = keys.count * elements * dtype.size
            let peak = after.peak - before.resident
            let kept = after.anonymous - before.anonymous
            #expect(peak <= weights / 10 * 11, "\(peak) bytes at the peak, for weights of \(weights)")
            #expect(kept <= weights / 10 * 11, "\(kept) bytes kept, of weights of \(weights)")
            #expect(store.parameters.count == keys.count)
        }
    }

    /// What the kernel says of this process, in bytes.
    private struct Status {
        let resident: Int
        let peak: Int
        let anonymous: Int

        init() throws {
            let lines = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
            func bytes(_ name: String) throws -> Int {
                let line = try #require(lines.first { $0.hasPrefix(name + ":") })
                return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) })
                    << 10
            }
            (resident, peak, anonymous) = (try bytes("VmRSS"), try bytes("VmHWM"), try bytes("RssAnon"))
        }
    }
}
#endif

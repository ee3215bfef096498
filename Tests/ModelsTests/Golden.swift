import Foundation
import Models
import NN
import TestSupport
import Testing
import Torch

/// A fixture folder: golden tensors, and the components that made them.
struct Golden {
    let folder: URL
    private let tensors: TestWeights

    init(_ name: String) throws {
        folder = try Fixtures.folder(name)
        tensors = try TestWeights(folder.appending(path: "golden.safetensors"))
    }

    func callAsFunction(_ key: String) throws -> Tensor { try tensors.tensor(key) }

    /// The rows of several tensors, one after the other.
    func rows(_ keys: String...) throws -> Tensor { Tensor.cat(try keys.map(callAsFunction), dim: 0) }

    func names(_ prefix: String) -> [String] { tensors.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    func config<C: Decodable>(_ component: String, _ type: C.Type = C.self) throws -> C {
        let data = try Data(contentsOf: folder.appending(path: "\(component)/config.json"))
        return try JSONDecoder().decode(type, from: data)
    }

    /// Builds a component from its configuration and weights, all of which must be used.
    func model<C: Decodable, M>(
        _ component: String, dtype: DType = .float32, channelsLast: Bool = false,
        _ build: (C, ParameterScope) throws -> M
    ) throws -> M {
        let parent = folder.appending(path: component)
        let files = try FileManager.default.contentsOfDirectory(at: parent, includingPropertiesForKeys: nil)
        let file = try #require(files.first { $0.pathExtension == "safetensors" })
        let store = ParameterStore(source: try TestWeights(file), dtype: dtype, channelsLast: channelsLast)
        let model = try build(try config(component), store.root)
        try store.verify()
        return model
    }

    /// Checks a tensor against a golden one: within `tolerance` of the golden's largest absolute value.
    func expect(
        _ found: Tensor, _ key: String, tolerance: Double = 1e-5, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = try relativeError(found, try self(key))
        #expect(error <= tolerance, "\(key)", sourceLocation: sourceLocation)
    }

    /// Runs a network with a probe and checks every layer that has a golden under `prefix`.
    func expectLayers<R>(_ prefix: String, tolerance: Double = 1e-5, _ run: (@escaping LayerProbe) -> R) throws {
        var outputs: [String: Tensor] = [:]
        _ = run { outputs[$0] = $1 }
        let goldens = names("layers/\(prefix)/")
        #expect(!goldens.isEmpty)
        for key in goldens {
            let layer = String(key.dropFirst("layers/\(prefix)/".count))
            let output = try #require(outputs[layer], "the network did not report \(layer)")
            try expect(output, key, tolerance: tolerance)
        }
    }
}

/// The largest absolute difference, relative to the largest absolute value of `expected`.
func relativeError(_ found: Tensor, _ expected: Tensor) throws -> Double {
    try #require(found.shape == expected.shape)
    let difference = try (found.to(.float64) - expected.to(.float64)).abs().amax().item()
    return difference / max(try expected.to(.float64).abs().amax().item(), .leastNormalMagnitude)
}

/// A safetensors file in memory.
struct TestWeights: WeightSource {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }
    private struct Header: Decodable {
        var entries: [String: Entry] = [:]
        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys where key.stringValue != "__metadata__" {
                entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
            }
        }
    }

    private let data: Data
    private let start: Int
    private let entries: [String: Entry]
    private static let types: [String: DType] = ["F32": .float32, "I64": .int64, "BOOL": .bool]

    init(_ url: URL) throws {
        data = try Data(contentsOf: url)
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        start = 8 + length
        entries = try JSONDecoder().decode(Header.self, from: data[8..<start]).entries
    }

    var keys: [String] { Array(entries.keys) }
    func shape(of key: String) -> [Int]? { entries[key]?.shape }
    func dtype(of key: String) -> DType? { entries[key].flatMap { Self.types[$0.dtype] } }
    func tensor(_ key: String, dtype: DType, device: Device) throws -> Tensor {
        try tensor(key).to(dtype).to(device)
    }

    func tensor(_ key: String) throws -> Tensor {
        let entry = try #require(entries[key], "no tensor \(key)")
        let type = try #require(Self.types[entry.dtype])
        let bytes = data[(start + entry.data_offsets[0])..<(start + entry.data_offsets[1])]
        return bytes.withUnsafeBytes { Tensor(copying: $0, shape: entry.shape, dtype: type) }
    }
}

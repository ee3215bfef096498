import Diffusion
import Foundation
import Testing
import Torch

/// The named tensors of a safetensors file.
struct TensorFile {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }

    /// Beside the tensors there is `__metadata__`, which has none of an entry's keys.
    private struct Lenient: Decodable {
        let entry: Entry?
        init(from decoder: any Decoder) throws { entry = try? Entry(from: decoder) }
    }

    private let data: Data
    private let start: Int
    private let entries: [String: Entry]

    init(_ url: URL) throws {
        data = try Data(contentsOf: url)
        start = 8 + data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        entries = try JSONDecoder().decode([String: Lenient].self, from: data[8..<start]).compactMapValues(\.entry)
    }

    var names: [String] { entries.keys.sorted() }

    func callAsFunction(_ name: String) throws -> Tensor? {
        guard let entry = entries[name] else { return nil }
        let types: [String: DType] = ["F32": .float32, "I64": .int64]
        let dtype = try #require(types[entry.dtype])
        let bytes = data[(start + entry.data_offsets[0])..<(start + entry.data_offsets[1])]
        return bytes.withUnsafeBytes { Tensor(copying: $0, shape: entry.shape, dtype: dtype) }
    }
}

/// A folder of recorded scheduler runs: `golden.json` and `golden.safetensors`.
struct Recording {
    private struct Facts: Decodable {
        let calls: [String: SchedulerReplay]
    }

    let calls: [String: SchedulerReplay]
    private let tensor: TensorFile

    init(_ folder: URL) throws {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        calls = try decoder.decode(Facts.self, from: Data(contentsOf: folder.appending(path: "golden.json"))).calls
        tensor = try TensorFile(folder.appending(path: "golden.safetensors"))
    }

    /// The repository's own, made by `scripts/goldens/schedulers.py`.
    static func own() throws -> Recording {
        try Recording(URL(filePath: #filePath).appending(path: "../../Goldens/schedulers").standardizedFileURL)
    }

    /// Replays a call. What belongs to all runs of a scheduler lies one folder above the run's own tensors.
    func replay(_ call: String) throws -> [SchedulerReplay.Comparison] {
        let replay = try #require(calls[call])
        let parent = call.split(separator: "/").dropLast().joined(separator: "/")
        return try replay.run { name in try tensor("\(call)/\(name)") ?? tensor("\(parent)/\(name)") }
    }
}

/// The largest absolute difference, relative to the largest absolute value expected.
func relativeError(_ comparison: SchedulerReplay.Comparison) throws -> Double {
    try relativeError(comparison.actual, comparison.expected)
}

func relativeError(_ actual: Tensor, _ expected: Tensor) throws -> Double {
    try #require(actual.shape == expected.shape)
    let difference = try (actual.to(.float64) - expected.to(.float64)).abs().amax().item()
    let scale = try expected.to(.float64).abs().amax().item()
    // A comparison with NaN would pass silently.
    try #require(difference.isFinite && scale.isFinite)
    return difference / max(scale, .leastNormalMagnitude)
}

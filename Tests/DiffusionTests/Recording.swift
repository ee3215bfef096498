import Checkpoints
import Diffusion
import Foundation
import Testing
import Torch

/// A folder of recorded scheduler runs: `golden.json` and `golden.safetensors`.
struct Recording {
    private struct Facts: Decodable {
        let calls: [String: SchedulerReplay]
    }

    let calls: [String: SchedulerReplay]
    private let golden: GoldenSet

    init(_ folder: URL) throws {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        calls = try decoder.decode(Facts.self, from: Data(contentsOf: folder.appending(path: "golden.json"))).calls
        golden = try GoldenSet(folder: folder)
    }

    /// The repository's own, made by `scripts/goldens/schedulers.py`.
    static func own() throws -> Recording {
        try Recording(URL(filePath: #filePath).appending(path: "../../Goldens/schedulers").standardizedFileURL)
    }

    /// Replays a call. What belongs to all runs of a scheduler lies one folder above the run's own tensors.
    func replay(_ call: String) throws -> [SchedulerReplay.Comparison] {
        let replay = try #require(calls[call])
        let parent = call.split(separator: "/").dropLast().joined(separator: "/")
        return try replay.run { name in
            try ["\(call)/\(name)", "\(parent)/\(name)"].first(where: golden.contains).map(golden.tensor)
        }
    }
}

/// The largest absolute difference, relative to the largest absolute value expected; infinite for a NaN.
func relativeError(_ actual: Tensor, _ expected: Tensor) throws -> Double {
    try TensorComparison(actual, recorded: expected).relativeError
}

import Checkpoints
import Diffusion
import Foundation

/// Replays recorded runs of the reference's schedulers, which come with a synthetic model and so need no weights.
public enum SchedulerConformance {
    /// Whether a call of a recording is a scheduler's run.
    public static func covers(_ call: JSON) -> Bool {
        call["scheduler"]?.string != nil && call["config"]?.object != nil
    }

    /// Replays one call: its tables, every step from its recorded sample, and the whole run.
    ///
    /// What belongs to all runs of a scheduler lies one folder above the run's own tensors.
    /// - Throws: `CheckpointError` for a call that is not a scheduler's run or is incomplete; `DiffusionError` for a
    ///   scheduler or an option that is not supported.
    public static func replay(_ name: String, of golden: GoldenSet) throws -> [SchedulerReplay.Comparison] {
        guard let call = golden.calls[name], covers(call) else {
            throw CheckpointError(
                .malformed, file: "golden.json", key: name, "is no scheduler's run; needs “scheduler” and “config”")
        }
        let parent = name.split(separator: "/").dropLast().joined(separator: "/")
        return try replay(call).run { tensor in
            try ["\(name)/\(tensor)", "\(parent)/\(tensor)"].first(where: golden.contains).map(golden.tensor)
        }
    }

    private static func replay(_ call: JSON) throws -> SchedulerReplay {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return try decoder.decode(SchedulerReplay.self, from: encoder.encode(call))
    }
}

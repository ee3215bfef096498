import Checkpoints
import Diffusion
import Foundation
import Torch

/// Replays schedulers by themselves, with the synthetic model of the recording. Solvers compute in float32 on the CPU.
struct SchedulerReplayer: Replayer {
    private let golden: GoldenSet

    static func claims(_ call: JSON) -> Bool {
        call["pipeline"] == nil && call["scheduler"]?.string.flatMap(SchedulerKind.init) != nil
    }

    init(_ golden: GoldenSet, folder: URL, dtype: DType, device: Device) { self.golden = golden }

    func replay(_ name: String, _ call: JSON, _ limits: ConformanceLimits) throws -> ConformanceReport.Run {
        let comparisons = try Self.decode(name, call).run { try tensor($0, of: name) }
        var run = ConformanceReport.Run(name: name, subject: call["scheduler"]?.string ?? "")
        run.checks = try comparisons.map { value in
            let chained = value.name.hasSuffix("chained")
            return try Check(
                value.name, chained ? .chained : .forced, value.actual, recorded: value.expected,
                gate: chained ? .shown : .relative(limits.tolerance))
        }
        return run
    }

    private static func decode(_ name: String, _ call: JSON) throws -> SchedulerReplay {
        let (minus, plus, nan) = ("-Infinity", "Infinity", "NaN")
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: plus, negativeInfinity: minus, nan: nan)
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: plus, negativeInfinity: minus, nan: nan)
        do {
            return try decoder.decode(SchedulerReplay.self, from: try encoder.encode(call))
        } catch let error as DiffusionError {
            throw ConformanceError(.unknownPipeline, "the run \(name): \(error)")
        } catch {
            throw ConformanceError(.malformedCall, "the run \(name) has arguments that no scheduler takes")
        }
    }

    /// A run's own tensor, or one that all step counts of its scheduler share.
    private func tensor(_ name: String, of run: String) throws -> Tensor? {
        let shared = run.split(separator: "/").dropLast().joined(separator: "/")
        let places = ["\(run)/\(name)", "\(shared)/\(name)"]
        return try places.first(where: golden.contains).map { try golden.tensor($0) }
    }
}

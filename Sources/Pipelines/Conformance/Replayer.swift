import Checkpoints
import Foundation
import Torch

/// Replays recorded runs of one kind of program. A new family adds one, and nothing else changes.
///
/// A replayer lives on the worker that computes.
protocol Replayer {
    /// Whether this is the replayer of a call: `golden.json`'s entry for a run.
    static func claims(_ call: JSON) -> Bool

    /// - Parameter folder: with `golden.json`; models and pictures lie in it.
    init(_ golden: GoldenSet, folder: URL, dtype: DType, device: Device) throws

    /// Replays a run.
    func replay(_ name: String, _ call: JSON, _ limits: ConformanceLimits) throws -> ConformanceReport.Run

    /// Checks what belongs to no run, such as the outputs of single layers.
    func checkRest(_ limits: ConformanceLimits) throws -> [ConformanceReport.Run]
}

extension Replayer {
    func checkRest(_ limits: ConformanceLimits) throws -> [ConformanceReport.Run] { [] }
}

enum Replayers {
    static var all: [any Replayer.Type] {
        [
            UnCLIPReplayer.self, Kandinsky22Replayer.self, StableUnCLIPReplayer.self, DalleMiniReplayer.self,
            SchedulerReplayer.self,
        ]
    }
}

import Checkpoints
import Foundation
import Torch

/// Proves that this program computes what a reference implementation did, on a device and in a dtype.
public enum Conformance {
    /// Replays every recorded run of a fixture folder: `golden.json` with `golden.safetensors`, or the token ids of
    /// `cases.json`.
    ///
    /// - Throws: `ConformanceError`, `CheckpointError`, `GenerationError` for a model that does not load, `TorchError`.
    public static func run(
        _ folder: URL, dtype: DType = .float32, device: Device = .cpu, limits: ConformanceLimits = ConformanceLimits()
    ) async throws -> ConformanceReport {
        let worker = TorchWorker()
        return try await worker.run {
            if TokenizerReplay.claims(folder) { return try TokenizerReplay(folder).run() }
            guard FileManager.default.fileExists(atPath: folder.appending(path: "golden.json").path) else {
                throw ConformanceError(
                    .notAFixture,
                    "\(folder.lastPathComponent) holds neither golden.json nor cases.json; "
                        + "expected a folder of recorded runs")
            }
            return try replay(try GoldenSet(folder: folder), folder, dtype, device, limits)
        }
    }

    private static func replay(
        _ golden: GoldenSet, _ folder: URL, _ dtype: DType, _ device: Device, _ limits: ConformanceLimits
    ) throws -> ConformanceReport {
        var kinds: [String: any Replayer.Type] = [:]
        for (name, call) in golden.calls {
            guard let kind = Replayers.all.first(where: { $0.claims(call) }) else {
                let program = call["pipeline"]?.string ?? call["scheduler"]?.string ?? "a program without a name"
                throw ConformanceError(
                    .unknownPipeline, "the run \(name) was made by \(program), for which Limn has no replay")
            }
            kinds[name] = kind
        }
        var replayers: [ObjectIdentifier: any Replayer] = [:]
        var runs: [ConformanceReport.Run] = []
        for (name, kind) in kinds.sorted(by: { $0.key < $1.key }) {
            try Task.checkCancellation()
            let replayer =
                try replayers[ObjectIdentifier(kind)] ?? kind.init(golden, folder: folder, dtype: dtype, device: device)
            replayers[ObjectIdentifier(kind)] = replayer
            guard let call = golden.calls[name] else { continue }
            runs.append(try Autograd.noGrad { try replayer.replay(name, call, limits) })
        }
        for replayer in replayers.values {
            runs += try Autograd.noGrad { try replayer.checkRest(limits) }
        }
        return ConformanceReport(title: golden.title, device: "\(device)", dtype: dtype.name, runs: runs)
    }
}

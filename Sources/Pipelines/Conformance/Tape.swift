import Checkpoints
import Diffusion
import Torch

/// The recorded values of one run, as a run that is being replayed meets them.
final class Tape {
    private let golden: GoldenSet
    private let prefix: String
    let mode: Check.Mode
    let limits: ConformanceLimits
    private(set) var checks: [Check] = []
    /// Whether the network's output of the step at hand was recorded.
    private var outputIsRecorded = false

    /// - Parameter run: the run's name.
    init(_ golden: GoldenSet, run: String, _ mode: Check.Mode, _ limits: ConformanceLimits) {
        self.golden = golden
        prefix = run + "/"
        self.mode = mode
        self.limits = limits
    }

    /// Compares every value that was recorded; where forced, the recorded one takes its place.
    var observer: RunObserver { observer { $0 } }

    /// - Parameter renaming: the recording's name of a value that the run shows; nil for one that it does not have.
    func observer(renaming: @escaping (_ name: String) -> String?) -> RunObserver {
        RunObserver { [self] shown, value in
            try Task.checkCancellation()
            guard let name = renaming(shown) else { return nil }
            let isRecorded = golden.contains(prefix + name)
            follow(name, isRecorded)
            guard isRecorded else { return nil }
            let recorded = try golden.tensor(prefix + name)
            checks.append(try Check(name, mode, value, recorded: recorded, gate: gate(name, recorded)))
            return mode == .forced ? recorded.to(value.dtype).to(value.device) : nil
        }
    }

    /// What was recorded under a name; nil for nothing.
    func recorded(_ name: String) throws -> Tensor? {
        golden.contains(prefix + name) ? try golden.tensor(prefix + name) : nil
    }

    /// Compares a value that no observer sees with the recorded one.
    func check(_ name: String, _ value: Tensor) throws -> Check {
        let recorded = try golden.tensor(prefix + name)
        return try Check(name, mode, value, recorded: recorded, gate: gate(name, recorded))
    }

    private func follow(_ name: String, _ isRecorded: Bool) {
        if name.hasSuffix("/sample_in") { outputIsRecorded = false }
        if isRecorded && (name.hasSuffix("/raw") || name.hasSuffix("/guided")) { outputIsRecorded = true }
    }

    private func gate(_ name: String, _ recorded: Tensor) -> Check.Gate {
        if name == "image" { return .psnr(limits.psnr) }
        if !recorded.dtype.isFloatingPoint { return .equal }
        if mode == .chained { return .shown }
        let isStep = name.hasSuffix("/sample_out") || name.hasSuffix("/pred_x0")
        return isStep && !outputIsRecorded ? .rootMeanSquare(limits.tolerance) : .relative(limits.tolerance)
    }

    /// Every normal draw of the run, in call order.
    var noise: RecordedNoise {
        get throws { RecordedNoise(try golden.names(prefix + "noise/").map { try golden.tensor($0) }) }
    }

    /// The run's recorded values that were compared with nothing; its noise is fed, not compared.
    func unchecked(after checks: [Check]) -> [String] {
        let compared = Set(checks.map { prefix + $0.name })
        return golden.names(prefix).filter { !compared.contains($0) && !$0.hasPrefix(prefix + "noise/") }
    }
}

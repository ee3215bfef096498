import Foundation
import Training

/// A run's progress on standard error: one line that changes on a terminal, a line now and then elsewhere.
struct ProgressDisplay {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    func show(_ progress: TrainingProgress) {
        let figures = progress.figures.map { "\($0.name) \(String(format: "%.4g", $0.value))" }.joined(separator: "  ")
        let rate = String(format: "%.0f", progress.samplesPerSecond)
        let line =
            "step \(progress.step)/\(progress.steps)  \(figures)  \(rate)/s  \(Self.time(progress.secondsLeft)) left"
        write(isTerminal ? "\r\u{1B}[K\(line)" : line + "\n")
    }

    func end(_ message: String) { write((isTerminal ? "\n" : "") + message + "\n") }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(seconds)
        return whole >= 3600
            ? String(format: "%d:%02d h", whole / 3600, whole / 60 % 60)
            : String(format: "%d:%02d min", whole / 60, whole % 60)
    }
}

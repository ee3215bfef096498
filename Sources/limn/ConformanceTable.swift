import Foundation
import Pipelines

/// A conformance report as lines of text.
struct ConformanceTable {
    let lines: [String]

    init(_ report: ConformanceReport, isShort: Bool) {
        var lines = ["\(report.title) · \(report.device) · \(report.dtype)"]
        for run in report.runs {
            let shown = run.checks.filter { !isShort || !$0.passed }
            if !isShort { lines.append("") }
            lines.append(Self.summary(run))
            lines += shown.map(Self.line)
            if run.unusedDraws > 0 { lines.append("  FAIL  \(run.unusedDraws) recorded draws were not asked for") }
            if !run.unchecked.isEmpty && !isShort {
                lines.append(
                    "  \(run.unchecked.count) recorded values not compared: \(run.unchecked.joined(separator: ", "))")
            }
        }
        let failed = report.runs.filter { !$0.passed }.count
        lines.append(
            failed == 0
                ? "All \(report.runs.count) runs conform." : "\(failed) of \(report.runs.count) runs do not conform.")
        self.lines = lines
    }

    private static func summary(_ run: ConformanceReport.Run) -> String {
        let gated = run.checks.filter { $0.gate != .shown }
        let worst = gated.compactMap { check in
            if case .relative = check.gate { check.relativeError } else { nil }
        }.max()
        let psnr = run.checks.compactMap(\.psnr).min()
        let parts = [
            "\(gated.filter(\.passed).count) of \(gated.count) values pass",
            worst.map { "largest relative error \(number($0))" },
            psnr.map { "PSNR \(decibels($0))" },
        ]
        return "\(run.passed ? "ok  " : "FAIL") \(run.name) (\(run.subject)): "
            + parts.compactMap { $0 }.joined(separator: ", ")
    }

    private static func line(_ check: Check) -> String {
        let verdict = !check.passed ? "FAIL" : check.gate == .shown ? "    " : "ok  "
        let errors =
            check.fault ?? "max \(number(check.largestError))  rel \(number(check.relativeError))"
            + (check.isAveraged ? "  rms \(number(check.rootMeanSquare))" : "")
            + (check.psnr.map { "  PSNR \(decibels($0))" } ?? "")
        let name = "\(check.name) \(check.shape)".padding(toLength: 58, withPad: " ", startingAt: 0)
        return
            "  \(verdict)  \(check.mode.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0))  \(name)  \(errors)"
    }

    private static func number(_ value: Double) -> String { String(format: "%.2e", value) }
    private static func decibels(_ value: Double) -> String {
        value.isFinite ? String(format: "%.1f dB", value) : "exact"
    }
}

extension Check {
    fileprivate var isAveraged: Bool { if case .rootMeanSquare = gate { true } else { false } }
}

import Foundation

/// A standard stream that is written to in whole lines.
struct Terminal: Sendable {
    static let output = Terminal(descriptor: STDOUT_FILENO)
    static let error = Terminal(descriptor: STDERR_FILENO)

    let descriptor: Int32

    /// Whether a person watches, rather than a file or another program.
    var isInteractive: Bool { isatty(descriptor) == 1 }

    func line(_ text: String) { write(text + "\n") }

    /// Text without control characters of its own: a prompt or a file name cannot move the cursor.
    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    /// Asks a question that is answered with yes or no; nil where nobody is there to answer.
    static func confirm(_ question: String) -> Bool? {
        guard isatty(STDIN_FILENO) == 1, error.isInteractive else { return nil }
        error.write("\(question) [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased().trimmingCharacters(in: .whitespaces) ?? "")
    }

    func json(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        if let data = try? encoder.encode(value) { line(String(decoding: data, as: UTF8.self)) }
    }
}

/// A line that says how far the work has come, drawn over itself; where nobody watches, one line a stage.
final class ProgressLine {
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var drawn = false
    private var lastStage = ""

    init(isShown: Bool) { self.isShown = isShown }

    /// Shows work that goes on as fast as it began, with the time that is left.
    func show(_ text: String, stage: String, fraction: Double) {
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        let left = fraction > 0.02 ? ", \(Self.duration(elapsed * (1 - fraction) / fraction)) left" : ""
        draw(text + left, stage: stage, fraction: fraction)
    }

    func draw(_ text: String, stage: String, fraction: Double) {
        guard isShown else { return }
        if Terminal.error.isInteractive {
            let full = Int((fraction * 24).rounded())
            let bar = String(repeating: "█", count: full) + String(repeating: "░", count: 24 - full)
            Terminal.error.write("\r\u{1B}[2K\(bar) \(Int(fraction * 100)) % \(text)")
            drawn = true
        } else if stage != lastStage {
            Terminal.error.line(stage)
            lastStage = stage
        }
    }

    /// Removes the line, so that something else can be printed.
    func clear() {
        guard drawn else { return }
        Terminal.error.write("\r\u{1B}[2K")
        drawn = false
    }

    static func duration(_ seconds: Double) -> String {
        seconds < 90 ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) min"
    }
}

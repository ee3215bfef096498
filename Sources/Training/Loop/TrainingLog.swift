import Foundation

/// `log.jsonl`, a line of figures each few steps, and `loss.svg`, the loss drawn from it.
final class TrainingLog {
    private let file: URL
    private let plotFile: URL

    init(folder: URL) {
        file = folder.appending(path: "log.jsonl")
        plotFile = folder.appending(path: "loss.svg")
    }

    func append(step: Int, _ figures: [(name: String, value: Double)]) throws {
        let time = Int(Date.now.timeIntervalSince1970)
        let fields = figures.map { "\"\($0.name)\":\($0.value.isFinite ? String(Float($0.value)) : "null")" }
        let line = "{\"step\":\(step),\"time\":\(time),\(fields.joined(separator: ","))}\n"
        guard let handle = try? FileHandle(forWritingTo: file) else { return try Data(line.utf8).write(to: file) }
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(line.utf8))
    }

    /// Forgets the lines after a step: a resumed run makes them again.
    func cut(after step: Int) {
        let kept = points { $0 <= step }.lines
        try? Data(kept.map { $0 + "\n" }.joined().utf8).write(to: file, options: .atomic)
    }

    private func points(where keep: (Int) -> Bool) -> (lines: [String], losses: [(step: Int, loss: Double)]) {
        struct Line: Decodable { let step: Int, loss: Double? }
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return ([], []) }
        var lines: [String] = []
        var losses: [(step: Int, loss: Double)] = []
        for line in text.split(separator: "\n") {
            guard let point = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)), keep(point.step) else {
                continue
            }
            lines.append(String(line))
            if let loss = point.loss { losses.append((point.step, loss)) }
        }
        return (lines, losses)
    }

    /// Draws the loss over the steps: every point faint, their running mean firm.
    func plot() throws {
        let losses = points { _ in true }.losses
        guard losses.count > 1, let last = losses.last else { return }
        let (width, height) = (800.0, 400.0)
        let sorted = losses.map(\.loss).sorted()
        let low = sorted[0]
        let high = max(low + 1e-9, sorted[min(sorted.count - 1, sorted.count * 98 / 100)])
        func path(_ values: [Double]) -> String {
            zip(losses, values).map { point, value in
                let x = 60 + (width - 80) * Double(point.step) / Double(last.step)
                let y = 20 + (height - 60) * (1 - min(1, max(0, (value - low) / (high - low))))
                return String(format: "%.1f,%.1f", x, y)
            }.joined(separator: " ")
        }
        var mean = losses[0].loss
        let means = losses.map { point in
            mean = 0.95 * mean + 0.05 * point.loss
            return mean
        }
        let label = "font-family=\"sans-serif\" font-size=\"12\" fill=\"#666\""
        let svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 400" width="800" height="400">
            <rect width="800" height="400" fill="#fff"/>
            <polyline points="\(path(losses.map(\.loss)))" fill="none" stroke="#9bc" stroke-opacity="0.5"/>
            <polyline points="\(path(means))" fill="none" stroke="#036" stroke-width="2"/>
            <text x="8" y="28" \(label)>\(String(format: "%.4f", high))</text>
            <text x="8" y="364" \(label)>\(String(format: "%.4f", low))</text>
            <text x="60" y="388" \(label)>0</text>
            <text x="780" y="388" text-anchor="end" \(label)>step \(last.step)</text>
            </svg>

            """
        try Data(svg.utf8).write(to: plotFile, options: .atomic)
    }
}

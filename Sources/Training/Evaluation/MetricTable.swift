import Foundation

/// What one metric found: rows of what was compared, columns of figures.
public struct MetricTable: Codable, Sendable, Equatable {
    public struct Row: Codable, Sendable, Equatable {
        public var label: String
        /// One a column; nil where there was nothing to measure.
        public var values: [Estimate?]

        public init(_ label: String, _ values: [Estimate?]) {
            self.label = label
            self.values = values
        }
    }

    /// For programs, such as `r_precision`.
    public var name: String
    public var title: String
    /// How to read it.
    public var explanation: String
    public var columns: [String]
    public var rows: [Row]
    /// Digits after the point.
    public var digits: Int

    public init(
        name: String, title: String, explanation: String, columns: [String], rows: [Row], digits: Int = 3
    ) {
        self.name = name
        self.title = title
        self.explanation = explanation
        self.columns = columns
        self.rows = rows
        self.digits = digits
    }

    /// Title, table and explanation in Markdown, the table's columns as wide as their contents.
    public var markdown: String {
        let cells = [[""] + columns] + rows.map { row in [row.label] + row.values.map(text) }
        let widths = (0...columns.count).map { column in cells.map { $0[column].count }.max() ?? 0 }
        let lines = cells.map { line in
            "| "
                + zip(line, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(
                    separator: " | ")
                + " |"
        }
        let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|"
        return (["## \(title)", "", lines[0], rule] + lines.dropFirst() + ["", explanation]).joined(separator: "\n")
            + "\n"
    }

    private func text(_ estimate: Estimate?) -> String {
        guard let estimate else { return "–" }
        let number = { (value: Double) in String(format: "%.\(digits)f", value) }
        guard estimate.low != estimate.value || estimate.high != estimate.value else { return number(estimate.value) }
        return "\(number(estimate.value)) (\(number(estimate.low)) to \(number(estimate.high)))"
    }
}

/// Figures for programs.
public enum EvaluationJSON {
    /// Indented, keys sorted and in snake case, with a line end.
    public static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}

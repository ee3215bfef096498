/// What a model was found to do.
public struct EvaluationReport: Codable, Sendable {
    /// Names of the model, the pack and the judge; no paths.
    public var model: String
    public var data: String
    public var judge: String
    public var choice: EvaluationCases
    /// How the pictures were drawn, such as "decoder" → "ddim, 20 steps, guidance 2".
    public var settings: [String: String]
    /// What makes the figures mean less than they say.
    public var warnings: [String]
    public var tables: [MetricTable]

    public init(
        model: String, data: String, judge: String, choice: EvaluationCases, settings: [String: String],
        warnings: [String], tables: [MetricTable]
    ) {
        self.model = model
        self.data = data
        self.judge = judge
        self.choice = choice
        self.settings = settings
        self.warnings = warnings
        self.tables = tables
    }

    /// - Parameter sheets: files beside the report, with what they show.
    public func markdown(sheets: [(file: String, title: String)]) -> String {
        let facts = [
            "Model `\(model)`, judged by `\(judge)` on \(choice.captions) captions of the split `\(choice.split)` of "
                + "`\(data)`, chosen by chance; seeds from \(choice.seed). In brackets 95 % bootstrap intervals.",
            settings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "; "),
        ]
        let caveats = warnings.map { "**\($0)**" }
        let paragraphs = ["# How well \(model) draws"] + (facts + caveats).filter { !$0.isEmpty }
        let pictures = sheets.map { "## \($0.title)\n\n![\($0.title)](\($0.file))\n" }
        return (paragraphs.map { $0 + "\n" } + tables.map(\.markdown) + pictures).joined(separator: "\n")
    }
}

import Foundation
import ImageGeneration
import Imaging
import Training

/// The folder of an evaluation: its pictures as they are drawn, so that none is drawn twice, and its report.
struct EvaluationFolder {
    /// Everything that the pictures depend on. A folder holds pictures of one plan.
    struct Plan: Codable, Equatable {
        /// The model's files, with their sizes and times.
        var weights: [String: String]
        var dtype: String
        var size: String?
        var preset: String?
        var stages: [String: StageSettings]
        var candidates: Int?
        var cases: [EvaluationCase]
    }

    /// What is known of a picture that was drawn.
    struct Record: Codable {
        var summary: GenerationSummary
        /// The image embedding that the prior predicted.
        var predicted: [Float]?
    }

    private let url: URL

    /// - Throws: `EvaluationError.otherEvaluation` where the folder holds pictures of another plan.
    init(_ url: URL, plan: Plan) throws {
        self.url = url
        _ = try OutputFolder(url.appending(path: "pictures"))
        let file = url.appending(path: "plan.json")
        if let data = try? Data(contentsOf: file) {
            guard (try? JSONDecoder().decode(Plan.self, from: data)) == plan else {
                throw EvaluationError.otherEvaluation(folder: url.lastPathComponent)
            }
        } else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try write(String(decoding: try encoder.encode(plan), as: UTF8.self), as: "plan.json")
        }
    }

    /// Relative paths of a model's files with their sizes and times: what changes when it is trained further.
    static func fingerprint(of model: URL) throws -> [String: String] {
        let files = FileManager.default
        let paths = try files.subpathsOfDirectory(atPath: model.path)
        return try Dictionary(
            uniqueKeysWithValues: paths.compactMap { path in
                let facts = try files.attributesOfItem(
                    atPath: model.appending(path: path).resolvingSymlinksInPath().path)
                guard facts[.type] as? FileAttributeType == .typeRegular else { return nil }
                let seconds = (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
                return (path, "\(facts[.size] as? Int ?? 0) bytes, \(Int(seconds))")
            })
    }

    func file(_ name: String) -> URL { url.appending(path: name) }

    /// What is known of a case's picture; nil while it is not drawn.
    func record(of item: EvaluationCase) -> Record? {
        guard let data = try? Data(contentsOf: file("pictures/\(item.id).json")) else { return nil }
        return try? JSONDecoder().decode(Record.self, from: data)
    }

    /// Keeps a picture; what is known of it comes last and says that it is whole.
    func keep(_ picture: ImageBuffer, _ record: Record, of item: EvaluationCase) throws {
        try picture.write(to: file("pictures/\(item.id).png"), as: .png)
        try JSONEncoder().encode(record).write(to: file("pictures/\(item.id).json"), options: .atomic)
    }

    /// All that was drawn, in the order of the cases.
    func outcome(of cases: [EvaluationCase]) throws -> EvaluationOutcome {
        let records = cases.compactMap(record)
        let pictures = try cases.map { item in
            let picture = try ImageBuffer(contentsOf: file("pictures/\(item.id).png")).converted(channels: 3)
            return RGBPicture(width: picture.width, height: picture.height, bytes: picture.samples)
        }
        let predicted = records.compactMap(\.predicted)
        return EvaluationOutcome(
            pictures: pictures, seconds: records.map(\.summary.seconds),
            predicted: predicted.count == cases.count ? predicted : nil)
    }

    /// How the pictures were drawn, by the stages' names.
    func settings(of cases: [EvaluationCase]) -> [String: String] {
        guard let summary = cases.lazy.compactMap(record).first?.summary else { return [:] }
        let stages = summary.stages.map { stage in
            (stage.name, "\(stage.solver), \(stage.steps) steps" + (stage.guidance.map { ", guidance \($0)" } ?? ""))
        }
        return Dictionary([("engine", "\(summary.device), \(summary.dtype)")] + stages) { $1 }
    }

    func write(_ report: EvaluationReport, _ sheets: [EvaluationSheet]) throws {
        for sheet in sheets {
            let pictures = try sheet.cells.map {
                try ImageBuffer(
                    width: $0.picture.width, height: $0.picture.height, channels: 3, samples: $0.picture.bytes
                ).resized(width: 128, height: 128, filter: .bicubic)
            }
            let drawn = try ContactSheet(padding: 8, columns: sheet.columns)
                .draw(pictures, captions: sheet.cells.map(\.caption))
            try drawn.write(to: file("\(sheet.name).png"), as: .png)
        }
        try write(EvaluationJSON.text(report), as: "report.json")
        try write(report.markdown(sheets: sheets.map { ("\($0.name).png", $0.title) }), as: "report.md")
    }

    private func write(_ text: String, as name: String) throws {
        do { try Data(text.utf8).write(to: file(name), options: .atomic) } catch {
            throw ImageError.unwritable(path: file(name).relativePath, reason: error.localizedDescription)
        }
    }
}

import ArgumentParser
import Foundation
import ImageGeneration
import Imaging
import Pipelines
import Torch
import Training
import TrainingCommands

struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure how well a model draws, or how well a CLIP finds pictures.",
        discussion: """
            EXAMPLES
              limn evaluate limn-mini --data packs/emoji --out evaluation
              limn evaluate limn-mini --data packs/emoji --split heldout -n 50
              limn evaluate my-model --data packs/mine --judge runs/judge/model
              limn evaluate tasks limn-mini --data packs/emoji
              limn evaluate clip --model runs/clip/model --data packs/emoji
            """,
        subcommands: [EvaluateModel.self, EvaluateTasks.self, EvaluateCLIP.self], defaultSubcommand: EvaluateModel.self)
}

struct EvaluateModel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Draw a picture for each of many captions, and judge the pictures.",
        discussion: """
            A second CLIP, trained with another seed and another shape and never used to choose pictures, looks for each
            picture's caption. Beside the figures stand those of real pictures, of shuffled captions, and of the nearest
            training picture. Captions are chosen by chance, and every picture counts.

            OUT gets report.md, report.json, contact sheets, and every picture. A run that was stopped goes on from
            there: the same command draws only what is missing.

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "A model's name, or a folder that holds one.")
    var model: String

    @Option(help: ArgumentHelp("The pack that the model was trained on.", valueName: "folder"))
    var data: String

    @OptionGroup var judge: JudgeOption

    @Option(help: "Which of the pack's pictures: val or heldout.")
    var split = "val"

    @Option(
        name: [.customShort("n"), .long], help: ArgumentHelp("How many captions, all distinct.", valueName: "number"))
    var captions = 100

    @Option(
        help: ArgumentHelp("At least so many captions with a colour word, as far as there are.", valueName: "number"))
    var colours = 40

    @Option(help: ArgumentHelp("How often each named ground is asked for.", valueName: "number"))
    var grounds = 2

    @Option(help: ArgumentHelp("How many scenes of two to four things are asked for.", valueName: "number"))
    var scenes = 50

    @Option(
        name: .customLong("scenes-of"),
        help: ArgumentHelp(
            "Scenes are made of pictures whose group begins so; may be repeated. All, if none is given.",
            valueName: "group"))
    var sceneGroups: [String] = []

    @Option(help: ArgumentHelp("Chooses the captions; the first picture's seed.", valueName: "number"))
    var seed: UInt64 = 1

    @OptionGroup var drawing: EvaluationDrawing

    @Option(help: ArgumentHelp("Folder for the report and the pictures.", valueName: "folder"))
    var out = "evaluation"

    @OptionGroup var engine: EngineOptions

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    func validate() throws {
        guard captions > 0, colours >= 0, grounds >= 0, scenes >= 0 else {
            throw ValidationError("-n is at least 1, --colours, --grounds and --scenes at least 0.")
        }
    }

    func run() async throws {
        try await reporting(json: json) { try await evaluate() }
    }

    private func evaluate() async throws {
        let (device, dtype) = try engine.resolved()
        let choice = EvaluationCases(
            captions: captions, colours: colours, grounds: grounds, compositions: scenes,
            compositionGroups: sceneGroups, split: split, seed: seed)
        let cases = try choice.choose(from: PicturePack(folder: URL(filePath: data)))
        let judging = EvaluationJudging(
            pack: URL(filePath: data), split: split, judge: try judge.folder(in: .standard()),
            model: try ModelLibrary.standard().folder(of: model), device: device)
        let folder = try EvaluationFolder(
            URL(filePath: out), plan: try drawing.plan(model: judging.model, dtype: dtype.name, cases: cases))

        let generator = LocalImageGenerator(
            library: .standard(), options: .init(device: device, dtype: dtype, residency: engine.residency))
        let progress = ProgressLine(isShown: !quiet)
        try await drawing.draw(cases, of: model, with: generator, into: folder, progress)
        progress.clear()

        let note: @Sendable (String) -> Void = { [quiet] text in if !quiet { Terminal.error.line(text) } }
        let found = try await judging.judge(cases, try folder.outcome(of: cases), note)
        for warning in found.warnings { Terminal.error.line("limn: warning: \(warning)") }
        let report = EvaluationReport(
            model: judging.model.lastPathComponent, data: judging.pack.lastPathComponent,
            judge: judging.judgeName, choice: choice, settings: folder.settings(of: cases),
            warnings: found.warnings, tables: found.tables)
        try folder.write(report, found.sheets)
        if json {
            Terminal.output.write(try EvaluationJSON.text(report))
        } else {
            Terminal.output.line(found.tables.map(\.markdown).joined(separator: "\n"))
            Terminal.output.line(folder.file("report.md").relativePath)
        }
    }
}

/// What is measured once the pictures are there.
struct EvaluationJudging: Sendable {
    let pack: URL
    let split: String
    let judge: URL
    /// The model's folder, whose own CLIP, if it has an image encoder, gives the retrieval baseline.
    let model: URL
    let device: Device

    /// The judge's folder, or that of its run: runs leave what they trained in `model`.
    var judgeName: String {
        judge.lastPathComponent == "model"
            ? judge.deletingLastPathComponent().lastPathComponent : judge.lastPathComponent
    }

    private var hasOwnCLIP: Bool {
        FileManager.default.fileExists(atPath: model.appending(path: "image_encoder/config.json").path)
    }

    struct Findings: Sendable {
        var tables: [MetricTable]
        var warnings: [String]
        var sheets: [EvaluationSheet]
    }

    func judge(
        _ cases: [EvaluationCase], _ outcome: EvaluationOutcome, _ note: @escaping @Sendable (String) -> Void
    ) async throws -> Findings {
        try await TorchWorker(name: "limn.evaluate").run {
            let scene = try EvaluationScene(
                pack: try PicturePack(folder: pack), split: split, cases: cases, outcome: outcome,
                judge: try CLIPEncoder(folder: judge, device: device),
                own: hasOwnCLIP ? try CLIPEncoder(folder: model, device: device) : nil
            ) { text in
                try Task.checkCancellation()
                note(text)
            }
            let tables = try EvaluationMetric.all.compactMap { metric in
                try Task.checkCancellation()
                return try metric.measure(scene)
            }
            return Findings(tables: tables, warnings: try scene.warnings(), sheets: try scene.sheets())
        }
    }
}

import ArgumentParser
import Foundation
import Imaging
import Pipelines
import Torch
import Training
import TrainingCommands

struct EvaluateTasks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "Measure how well a model edits, extends, varies, blends and moves pictures.",
        discussion: """
            Validation pictures go through every picture task, and a CLIP judges what comes out. OUT gets report.md,
            report.json and a contact sheet for each task.

            EXAMPLES
              limn evaluate tasks limn-mini --data packs/emoji
              limn evaluate tasks limn-mini --data packs/emoji -n 100 --only inpainting

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

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many pictures.", valueName: "number"))
    var pictures = 24

    @Option(
        help: ArgumentHelp(
            "Only this check; may be repeated: \(TaskCheck.all.map(\.name).joined(separator: ", ")).",
            valueName: "check"))
    var only: [String] = []

    @Option(help: ArgumentHelp("One of the model's presets.", valueName: "name"))
    var preset: String?

    @Option(help: ArgumentHelp("Chooses the pictures; the seed of what is drawn.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Folder for the report and the sheets.", valueName: "folder"))
    var out = "evaluation-tasks"

    @OptionGroup var engine: EngineOptions

    func validate() throws {
        guard pictures > 1 else { throw ValidationError("-n is at least 2.") }
        for name in only where !TaskCheck.all.contains(where: { $0.name == name }) {
            throw ValidationError("There is no check '\(name)'.")
        }
    }

    func run() async throws {
        try await reporting(json: false) { try await evaluate() }
    }

    private func evaluate() async throws {
        let (device, dtype) = try engine.resolved()
        let folder = URL(filePath: out)
        _ = try OutputFolder(folder)
        let library = ModelLibrary.standard()
        let judgeFolder = try judge.folder(in: library)
        let worker = TorchWorker(name: "limn.judge")
        let scene = TaskScene(
            model: model,
            generator: LocalImageGenerator(
                library: library, options: .init(device: device, dtype: dtype, residency: engine.residency)),
            judge: try await worker.confine { try CLIPJudge(folder: judgeFolder, device: device) }, worker: worker,
            examples: try TaskScene.Example.choose(
                pictures, from: PicturePack(folder: URL(filePath: data)), split: split, seed: seed),
            preset: preset, seed: seed)
        var tables: [MetricTable] = []
        for check in TaskCheck.all where only.isEmpty || only.contains(check.name) {
            let outcome = try await check.run(scene)
            try Task.checkCancellation()
            Terminal.output.line(outcome.table.markdown)
            try ContactSheet(columns: outcome.columns, maxCellSide: 128)
                .draw(outcome.cells.map(\.picture), captions: outcome.cells.map(\.caption))
                .write(to: folder.appending(path: "\(check.name).png"), as: .png)
            tables.append(outcome.table)
        }
        try Data(tables.map(\.markdown).joined(separator: "\n").utf8)
            .write(to: folder.appending(path: "report.md"), options: .atomic)
        try Data(EvaluationJSON.text(tables).utf8).write(to: folder.appending(path: "report.json"), options: .atomic)
    }
}

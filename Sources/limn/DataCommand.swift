import ArgumentParser
import DataPacking
import Foundation
import Imaging
import Training
import TrainingCommands

/// `limn data`: pictures for training.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Pack captioned pictures for training, and look at packs.",
        subcommands: [PackCommand.self, ShowCommand.self])
}

struct PackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack", abstract: "Decode and resize captioned pictures once, for training.",
        discussion: """
            A source is one of:
              a folder   cat.png with cat.txt (a caption a line) or cat.json
                         beside it, also in folders below
              a table    .jsonl, .csv or .tsv: a column "file" names a picture
                         beside the table, or in a .tar archive beside it;
                         "caption" and "alt_captions" say what it shows; "id",
                         "style", "keywords", "group", "split", "source",
                         "license" and "attribution" are kept
              a .tar     0001.jpg with 0001.txt or 0001.json, as in webdataset

            EXAMPLES
              limn data pack holiday/ --out packs/holiday
              limn data pack captions.jsonl --size 64 --size 256 --out packs/emoji
              limn data pack photos.csv --caption-column title --out packs/photos
              limn data pack shards/*.tar --val-fraction 0.02 --out packs/web

            Pictures that cannot be read are listed and left out. Transparency is
            kept, so training can put the pictures on any ground.
            """)

    @Argument(help: "Folders, tables and tar archives.", completion: .file())
    var sources: [String]

    @Option(name: .long, help: "The folder to write; an older pack there is replaced.", completion: .directory)
    var out: String

    @Option(name: .long, help: "Side of the square pictures in pixels; repeat for more sizes. (default: 64 and 256)")
    var size: [Int] = []

    @Option(
        name: .long,
        help: """
            What to do with pictures that are not square: crop keeps the middle, pad adds a transparent ground, \
            automatic pads those with transparent parts and crops the others.
            """)
    var fit = PictureFit.automatic

    @Option(name: .long, help: "How much goes to the split val, of what names no split: 0.02 is 2 %.")
    var valFraction = 0.0

    @Option(name: .long, help: "Pictures that share it are never split between train and val.")
    var splitBy = SplitRule.Key.caption

    @Option(name: .long, help: "The column that names the pictures.")
    var pictureColumn: [String] = []

    @Option(name: .long, help: "A column with captions; repeat for more, the best first.")
    var captionColumn: [String] = []

    @Flag(name: .shortAndLong, help: "Show no progress.")
    var quiet = false

    @Flag(name: .long, help: "Stop at the first picture that cannot be packed, and write nothing.")
    var strict = false

    func run() async throws {
        try await reporting(json: false) { try await packing() }
    }

    private func packing() async throws {
        let (clock, line) = (ContinuousClock(), ProgressLine(isShown: !quiet))
        let start = clock.now
        line.show("looking for pictures", stage: "looking for pictures", fraction: 0)
        do {
            let sources = sources.map { URL(filePath: $0) }
            let report = try await Packer.pack(sources, to: URL(filePath: out), options: options) { progress in
                show(progress, on: line, seconds: (clock.now - start) / .seconds(1))
            }
            line.clear()
            describe(report, seconds: (clock.now - start) / .seconds(1))
        } catch {
            line.clear()
            guard error is CancellationError else { throw error }
            Terminal.error.line("limn: interrupted; nothing was written")
            throw ExitCode(ExitStatus.interrupted.rawValue)
        }
    }

    private var options: PackingOptions {
        var options = PackingOptions()
        if !size.isEmpty { options.sizes = size }
        options.fit = fit
        options.split = SplitRule(valFraction: valFraction, key: splitBy)
        options.columns = ColumnNames(picture: pictureColumn, captions: captionColumn)
        options.isStrict = strict
        return options
    }

    private func show(_ progress: PackingProgress, on line: ProgressLine, seconds: Double) {
        guard progress.done.isMultiple(of: max(1, progress.total / 500)) else { return }
        let fraction = Double(progress.done) / Double(progress.total)
        let rate = Int(Double(progress.done) / max(seconds, 0.001))
        let skipped = progress.skipped > 0 ? ", \(progress.skipped) left out" : ""
        line.show(
            "\(progress.done) of \(progress.total) pictures\(skipped), \(rate) a second",
            stage: "packing \(progress.total) pictures: \(Int(fraction * 10) * 10) %", fraction: fraction)
    }

    private func describe(_ report: PackingReport, seconds: Double) {
        if report.skipped > 0 {
            Terminal.error.line("warning: left out \(report.skipped) that could not be packed:")
            for skipped in report.first {
                Terminal.error.line("  " + "\(skipped.id): \(skipped.problem)".filter { !$0.isControl })
            }
            if report.skipped > report.first.count {
                Terminal.error.line("  and \(report.skipped - report.first.count) more")
            }
        }
        let pictures = report.packed == 1 ? "1 picture" : "\(report.packed) pictures"
        Terminal.output.line("\(pictures) in \(out), \(ProgressLine.duration(seconds))")
    }
}

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print facts about a pack, and draw some of its pictures on one sheet.",
        discussion: """
            EXAMPLES
              limn data show packs/emoji
              limn data show packs/emoji --split val -n 100 --out val.png
              limn data show packs/emoji --config configs/limn-mini/decoder.json
            """)

    @Argument(help: "A folder that `limn data pack` wrote.", completion: .directory)
    var pack: String

    @Option(name: .long, help: "Draw pictures of this split only: train, val or heldout.")
    var split: String?

    @Option(
        name: .long, help: "Draw what a training run with this configuration sees, with the captions that it reads.",
        completion: .file(extensions: ["json"]))
    var config: String?

    @Option(name: .shortAndLong, help: "How many pictures to draw.")
    var number = 40

    @Option(name: .long, help: "Chooses the pictures.")
    var seed: UInt64 = 0

    @Option(name: .long, help: "The sheet's file. (default: PACK-sheet.png)", completion: .file(extensions: ["png"]))
    var out: String?

    func validate() throws {
        guard (1...1000).contains(number) else { throw ValidationError("-n must be from 1 to 1000.") }
        guard config == nil || split == nil else {
            throw ValidationError("--config names a split itself: give one of --config and --split.")
        }
    }

    func run() async throws {
        try await reporting(json: false) { try show() }
    }

    private func show() throws {
        let folder = URL(filePath: pack)
        let pack = try PicturePack(folder: folder)
        let sheet =
            try sampler(pack).map { try PackSheet.draw($0, count: number, seed: seed) }
            ?? PackSheet.draw(pack, split: split, count: number, seed: seed)
        describe(PackSummary(rows: pack.rows), sizes: pack.sizes)
        let file = out ?? "\(folder.standardizedFileURL.lastPathComponent)-sheet.png"
        try sheet.write(to: URL(filePath: file), as: .png)
        Terminal.output.line("sheet      \(file)")
    }

    /// What the configuration's run draws from this pack.
    private func sampler(_ pack: PicturePack) throws -> PictureSampler? {
        guard let config else { return nil }
        let (run, _): (RunData, Data) = try ConfigurationFile.read(URL(filePath: config))
        return try PictureSampler(pack: pack, config: run.data)
    }

    /// The part of a run's configuration that is about pictures.
    private struct RunData: Decodable { var data: DataConfig }

    private func describe(_ summary: PackSummary, sizes: [Int]) {
        Terminal.output.line(
            "pictures   \(summary.pictures), \(sizes.map { "\($0) × \($0)" }.joined(separator: " and "))")
        let counts = [
            ("split", summary.splits), ("source", summary.sources), ("style", summary.styles),
            ("group", summary.groups),
            ("license", summary.licenses),
        ]
        for (title, counts) in counts {
            let shown = counts.prefix(12).map { "\($0.name.isEmpty ? "(none)" : $0.name) \($0.pictures)" }
            let rest = counts.count > 12 ? ", and \(counts.count - 12) more" : ""
            Terminal.output.line(
                title.padding(toLength: 11, withPad: " ", startingAt: 0) + shown.joined(separator: ", ") + rest)
        }
        let means = String(
            format: "%.1f a picture, %.1f words each", summary.captionsPerPicture, summary.meanWords)
        Terminal.output.line(
            "captions   \(summary.distinctCaptions) distinct of \(summary.distinctWords) words; "
                + "\(means), at most \(summary.maxWords)")
        if summary.captionsSharedWithTraining > 0 {
            Terminal.output.line(
                "           \(summary.captionsSharedWithTraining) pictures outside train share a caption with one in it"
            )
        }
    }
}

extension PictureFit: ExpressibleByArgument {}
extension SplitRule.Key: ExpressibleByArgument {}

extension ExitStatus {
    static func of(_ error: PackingError) -> ExitStatus {
        switch error {
        case .invalidOption: .usage
        case .noSuchSource: .noSuchModel
        case .unknownKind, .unreadable, .noPictures, .noPictureColumn, .strict, .nothingLeft: .badData
        }
    }

    static func of(_ error: PackError) -> ExitStatus {
        switch error {
        case .notAPack: .noSuchModel
        case .damaged: .badData
        case .noSuchSize, .empty: .usage
        case .occupied, .unwritable: .cannotCreate
        }
    }
}

extension Character {
    /// What a file's name may hold and a terminal would obey.
    fileprivate var isControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}

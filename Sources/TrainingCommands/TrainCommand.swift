import ArgumentParser
import Foundation
import Torch
import Training

/// `limn train …`
public struct TrainCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train the networks that Limn draws with.",
        discussion: """
            A picture goes through three networks, trained in this order, each from a pack of captioned pictures
            (made by `limn data pack`) and a JSON configuration:

              limn train clip      --config clip.json      --run runs/clip
              limn train prior     --config prior.json     --run runs/prior
              limn train decoder   --config decoder.json   --run runs/decoder
              limn train upsampler --config upsampler.json --run runs/upsampler

            Ctrl-C saves and stops. The same command goes on from there, bit for bit.
            """,
        subcommands: [TrainTokenizer.self, TrainCLIP.self])
    public init() {}
}

/// What every `limn train` command takes.
struct RunOptions: ParsableArguments {
    @Option(help: "The configuration, a JSON file.")
    var config: String

    @Option(help: "The run's folder: made when it is new, continued when it is not.")
    var run: String

    @Option(help: "How many threads one operation may use; by default one a core.")
    var threads: Int?
}

struct TrainCLIP: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip", abstract: "Train CLIP: pictures and captions in one space.")
    @OptionGroup var options: RunOptions
    @Option(help: "The tokenizer's folder.") var tokenizer: String

    func run() async throws {
        let description = try Data(contentsOf: URL(filePath: options.config))
        let config = try JSONDecoder().decode(CLIPTrainingConfig.self, from: description)
        if let threads = options.threads { Library.threads = threads }
        let device = try Device.named(config.training.device)
        let pack = try PicturePack(folder: URL(filePath: config.data.pack))
        let objective = try CLIPObjective(config, pack: pack, tokenizer: URL(filePath: tokenizer), device: device)
        let run = try TrainingRun(
            folder: URL(filePath: options.run), description: description, config: config.training,
            objective: objective, device: device)
        try run.run(progress: { progress in
            let figures = progress.figures.map { "\($0.name) \(String(format: "%.4g", $0.value))" }
            let line = "step \(progress.step)/\(progress.steps)  \(figures.joined(separator: "  "))  "
                + "\(Int(progress.samplesPerSecond))/s  \(Int(progress.secondsLeft)) s left\n"
            FileHandle.standardError.write(Data(line.utf8))
        })
    }
}

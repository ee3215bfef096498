import ArgumentParser
import Foundation
import Torch
import Training

/// `limn train …`
public struct TrainCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train the networks that Limn draws with.",
        discussion: """
            A model is trained in parts, in this order, each from a pack of captioned pictures (made by
            `limn data pack`) and a JSON configuration:

              limn train tokenizer --data packs/emoji --out runs/tokenizer
              limn train clip      --config configs/limn-mini/clip.json      --run runs/clip
              limn train prior     --config configs/limn-mini/prior.json     --run runs/prior
              limn train decoder   --config configs/limn-mini/decoder.json   --run runs/decoder
              limn train upsampler --config configs/limn-mini/upsampler.json --run runs/upsampler

            Each run leaves its parts in RUN/model in the diffusers layout. Ctrl-C saves and stops; the same command
            goes on from there, bit for bit on the CPU.
            """,
        subcommands: [
            TrainTokenizer.self, TrainPart<CLIPPart>.self, TrainLinearPrior.self, TrainPart<PriorPart>.self,
            TrainPart<DecoderPart>.self, TrainPart<UpsamplerPart>.self, AssembleModel.self,
        ])
    public init() {}
}

/// A part of a model that `limn train` knows: its name, its configuration and what it learns by.
protocol TrainablePart: Sendable {
    associatedtype Config: Codable & Sendable
    static var name: String { get }
    static var abstract: String { get }
    static func training(_ config: Config) -> TrainingConfig
    static func data(_ config: Config) -> DataConfig
    static func objective(_ config: Config, _ pack: PicturePack, _ device: Device) throws -> any Objective
}

enum CLIPPart: TrainablePart {
    static let name = "clip"
    static let abstract = "Train CLIP: pictures and captions in one space."
    static func training(_ config: CLIPTrainingConfig) -> TrainingConfig { config.training }
    static func data(_ config: CLIPTrainingConfig) -> DataConfig { config.data }
    static func objective(_ config: CLIPTrainingConfig, _ pack: PicturePack, _ device: Device) throws -> any Objective {
        try CLIPObjective(config, pack: pack, device: device)
    }
}

enum PriorPart: TrainablePart {
    static let name = "prior"
    static let abstract = "Train the prior: from a caption's embedding to a picture's."
    static func training(_ config: PriorTrainingConfig) -> TrainingConfig { config.training }
    static func data(_ config: PriorTrainingConfig) -> DataConfig { config.data }
    static func objective(_ config: PriorTrainingConfig, _ pack: PicturePack, _ device: Device) throws -> any Objective
    {
        try PriorObjective(config, pack: pack, device: device)
    }
}

enum DecoderPart: TrainablePart {
    static let name = "decoder"
    static let abstract = "Train the decoder: from a picture's embedding and its caption to the picture."
    static func training(_ config: DecoderTrainingConfig) -> TrainingConfig { config.training }
    static func data(_ config: DecoderTrainingConfig) -> DataConfig { config.data }
    static func objective(_ config: DecoderTrainingConfig, _ pack: PicturePack, _ device: Device) throws
        -> any Objective
    {
        try DecoderObjective(config, pack: pack, device: device)
    }
}

enum UpsamplerPart: TrainablePart {
    static let name = "upsampler"
    static let abstract = "Train an upsampler: from a small picture to a large one."
    static func training(_ config: UpsamplerTrainingConfig) -> TrainingConfig { config.training }
    static func data(_ config: UpsamplerTrainingConfig) -> DataConfig { config.data }
    static func objective(_ config: UpsamplerTrainingConfig, _ pack: PicturePack, _ device: Device) throws
        -> any Objective
    {
        try UpsamplerObjective(config, pack: pack, device: device)
    }
}

struct TrainPart<Part: TrainablePart>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Part.name, abstract: Part.abstract,
            discussion: "  limn train \(Part.name) --config configs/limn-mini/\(Part.name).json --run runs/\(Part.name)"
        )
    }

    @Option(help: "The configuration, a JSON file.")
    var config: String

    @Option(help: "The run's folder: made when it is new, continued when it is not.")
    var run: String

    @Option(help: "How many threads one operation may use; by default one a core.")
    var threads: Int?

    @Flag(help: "Only write the parts of the newest saved state to RUN/model.")
    var export = false

    func run() async throws {
        let (configFile, runFolder) = (URL(filePath: config), URL(filePath: run))
        let (threads, exportsOnly) = (threads, export)
        let interruption = Interruption()
        let worker = TorchWorker(name: "limn.train")
        try await worker.run {
            if let threads { Library.threads = threads }
            let (config, description): (Part.Config, Data) = try ConfigurationFile.read(configFile)
            let training = Part.training(config)
            let device = try Device.named(training.device)
            let pack = try PicturePack(folder: URL(filePath: Part.data(config).pack))
            let run = try TrainingRun(
                folder: runFolder, description: description, config: training,
                objective: try Part.objective(config, pack, device), device: device)
            if exportsOnly { return try run.export() }
            let display = ProgressDisplay()
            let finished = try run.run(isCancelled: { interruption.isRequested }, progress: display.show)
            display.end(
                finished
                    ? "done: the parts are in \(runFolder.lastPathComponent)/model"
                    : "saved at step \(run.stepsDone); the same command goes on from here")
        }
    }
}

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
              limn train sketcher  --config configs/limn-mini/sketcher.json  --run runs/sketcher
              limn train decoder   --config configs/limn-mini/decoder.json   --run runs/decoder
              limn train upsampler --config configs/limn-mini/upsampler.json --run runs/upsampler

            Each run leaves its parts in RUN/model in the diffusers layout. Ctrl-C saves and stops; the same command
            goes on from there, bit for bit on the CPU.
            """,
        subcommands: [
            TrainTokenizer.self, TrainPart<CLIPTrainingConfig>.self, TrainLinearPrior.self,
            TrainPart<PriorTrainingConfig>.self, TrainPart<SketcherTrainingConfig>.self,
            TrainPart<DecoderTrainingConfig>.self, TrainPart<UpsamplerTrainingConfig>.self, AssembleModel.self,
            BenchmarkSteps.self,
        ])
    public init() {}
}

/// A part of a model that `limn train` knows, by its name on the command line.
protocol TrainablePart: TrainingRecipe {
    static var name: String { get }
    static var abstract: String { get }
}

extension CLIPTrainingConfig: TrainablePart {
    static var name: String { "clip" }
    static var abstract: String { "Train CLIP: pictures and captions in one space." }
}

extension PriorTrainingConfig: TrainablePart {
    static var name: String { "prior" }
    static var abstract: String { "Train the prior: from a caption's embedding to a picture's." }
}

extension DecoderTrainingConfig: TrainablePart {
    static var name: String { "decoder" }
    static var abstract: String { "Train the decoder: from a picture's embedding and its caption to the picture." }
}

extension SketcherTrainingConfig: TrainablePart {
    static var name: String { "sketcher" }
    static var abstract: String { "Train the sketcher: from embeddings to what lies where." }
}

extension UpsamplerTrainingConfig: TrainablePart {
    static var name: String { "upsampler" }
    static var abstract: String { "Train an upsampler: from a small picture to a large one." }
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

    @Flag(help: "Only write the parts of the newest saved state to RUN/model, even while the run goes on.")
    var export = false

    @Option(help: "The type of what --export writes; by default float32.")
    var dtype: WeightType?

    func run() async throws {
        let (configFile, runFolder) = (URL(filePath: config), URL(filePath: run))
        let (threads, exportsOnly, dtype) = (threads, export, dtype?.dtype ?? .float32)
        let interruption = Interruption()
        let worker = TorchWorker(name: "limn.train")
        try await worker.run {
            if let threads { Library.threads = threads }
            let (recipe, description): (Part, Data) = try ConfigurationFile.read(configFile)
            let device = try Device.named(recipe.training.device)
            let pack = try PicturePack(folder: URL(filePath: recipe.data.pack))
            let run = try TrainingRun(
                folder: runFolder, description: description, config: recipe.training,
                objective: try recipe.objective(pack: pack, device: device))
            if exportsOnly { return try run.export(dtype: dtype) }
            let display = ProgressDisplay()
            let finished = try run.run(isCancelled: { interruption.isRequested }, progress: display.show)
            display.end(
                finished
                    ? "done: the parts are in \(runFolder.lastPathComponent)/model"
                    : "saved at step \(run.stepsDone); the same command goes on from here")
        }
    }
}

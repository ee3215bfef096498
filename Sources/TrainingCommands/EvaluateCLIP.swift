import ArgumentParser
import Foundation
import Torch
import Training

/// `limn evaluate clip`
public struct EvaluateCLIP: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "clip", abstract: "Measure how well a CLIP finds pictures by captions.",
        discussion: """
              limn evaluate clip --model runs/clip/model --data packs/emoji
              limn evaluate clip --model runs/clip/model --data packs/emoji --split heldout --json
            """)

    @Option(help: "The folder that holds text_encoder, image_encoder and tokenizer.")
    var model: String

    @Option(help: "The pack.")
    var data: String

    @Option(help: "Which of the pack's pictures: val or heldout.")
    var split = "val"

    @Option(name: [.customShort("n"), .long], help: "Among how many captions the right one is to be found.")
    var among = 100

    @Option(help: "auto, cpu, cuda, cuda:N or mps.")
    var device = "auto"

    @Option(help: "How many threads one operation may use; by default one a core.")
    var threads: Int?

    @Flag(help: "Print the figures as JSON.")
    var json = false

    public init() {}

    public func run() async throws {
        let (folder, packFolder) = (URL(filePath: model), URL(filePath: data))
        let (split, among, device, threads) = (split, among, device, threads)
        let evaluation = try await TorchWorker(name: "limn.evaluate").run {
            if let threads { Library.threads = threads }
            let pack = try PicturePack(folder: packFolder)
            let clip = try CLIPEncoder(folder: folder, device: try Device.named(device))
            return try CLIPEvaluation(clip, on: pack, split: split, among: among)
        }
        print(json ? try EvaluationJSON.text(evaluation) : evaluation.markdown, terminator: "")
    }
}

/// `limn-trainer evaluate …`: what can be judged without drawing.
public struct EvaluateTrained: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure what was trained.", subcommands: [EvaluateCLIP.self])
    public init() {}
}

import ArgumentParser
import Foundation
import Torch
import Training

struct TrainLinearPrior: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linear-prior", abstract: "Fit the linear prior, in seconds: what a diffusion prior has to beat.",
        discussion: """
            With --config it is fitted to the pictures as that run sees them too: to scenes, grounds and rephrasings.

            EXAMPLES
              limn train linear-prior --data packs/emoji --clip runs/clip/model --out runs/linear-prior/model
              limn train linear-prior --data packs/emoji --clip runs/clip/model --out runs/linear-prior/model \
                --config configs/limn-mini/clip.json
            """)
    @Option(help: "The pack.") var data: String
    @Option(help: "The folder of a trained CLIP.") var clip: String
    @Option(help: "The folder to write linear_prior to.") var out: String
    @Option(help: "A training configuration whose `data` says how pictures and captions are varied.")
    var config: String?

    private struct Recipe: Decodable { let data: DataConfig }

    func run() async throws {
        let (data, clip, out) = (data, clip, out)
        let varied = try config.map { try (ConfigurationFile.read(URL(filePath: $0)) as (Recipe, Data)).0.data }
        let figures = try await TorchWorker(name: "limn.train").run {
            let clip = try FrozenCLIP(folder: URL(filePath: clip), device: .cpu)
            return try LinearPriorFit.run(
                clip: clip, pack: PicturePack(folder: URL(filePath: data)), varied: varied,
                to: URL(filePath: out))
        }
        print(
            "cosine on validation \(String(format: "%.4f", figures.cosine)), "
                + "with the mean taken away \(String(format: "%.4f", figures.centredCosine)), ridge \(figures.ridge)")
    }
}

import ArgumentParser
import Foundation
import Torch
import Training

/// `limn train assemble`
struct AssembleModel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assemble", abstract: "Put trained parts together as one model folder.",
        discussion: """
            With all of Karlo's components and no manifest the folder is one that diffusers.UnCLIPPipeline opens:

              limn train assemble --into models/mine runs/clip/model runs/prior/model runs/decoder/model \\
                runs/first/model runs/last/model

            What the reference does not have, such as a linear prior, is listed in limn.json; the manifest says how
            pictures are drawn with it:

              limn train assemble --into Models/limn-mini --manifest limn.json --dtype bfloat16 runs/*/model

            A model that is there already is replaced as a whole; files that lie beside its components stay.
            """)

    @Option(help: "The model's folder.")
    var into: String

    @Option(help: "The JSON file that becomes limn.json: stages, sizes, presets, license.")
    var manifest: String?

    @Option(help: "The type of the weights; by default as they are.")
    var dtype: WeightType?

    @Argument(help: "Folders with a folder for each component, as a run leaves them in RUN/model.")
    var sources: [String]

    mutating func validate() throws {
        if sources.isEmpty { throw ValidationError("Name the folders of the parts, such as runs/clip/model.") }
    }

    func run() async throws {
        let (folder, manifest) = (URL(filePath: into), manifest.map { URL(filePath: $0) })
        let (sources, dtype) = (sources.map { URL(filePath: $0) }, dtype?.dtype)
        let contents = try await TorchWorker(name: "limn.assemble").run {
            try ModelAssembly(sources: sources, manifest: manifest).write(to: folder, dtype: dtype)
        }
        for (component, bytes) in contents + [("in all", contents.map(\.bytes).reduce(0, +))] {
            print(component.padding(toLength: 24, withPad: " ", startingAt: 0) + Self.megabytes(bytes))
        }
    }

    private static func megabytes(_ bytes: Int) -> String { String(format: "%8.2f MB", Double(bytes) / 1e6) }
}

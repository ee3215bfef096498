import ArgumentParser
import Foundation
import HubCache
import Pipelines

extension Models {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Install a model from files on the disk.",
            discussion: """
                A folder that Limn can draw with, in the diffusers layout or as its family was published, is installed as \
                it is. Weights alone, such as a decoder that was trained further, are recognised by the names and shapes of their tensors: they take the place of that network in a \
                copy of the model they were made from, which must be installed. Nothing is copied where a hard link will do.

                EXAMPLES
                  limn models import ~/checkpoints/karlo
                  limn models import decoder.safetensors --like karlo --name my-karlo
                  limn models import trained/ --name my-karlo --copy
                """)

        @Argument(
            help: "A model's folder; or files of weights (.safetensors, .bin, .pt, .msgpack), or a folder of them.")
        var sources: [String]

        @Option(
            help: ArgumentHelp("What the model will be called. (default: as the file or folder)", valueName: "name"))
        var name: String?

        @Option(help: ArgumentHelp("The installed model that the weights belong to.", valueName: "model"))
        var like: String?

        @Flag(help: "Copy files instead of linking them, so that changing the originals does not change the model.")
        var copy = false

        func run() async throws {
            try await reporting(json: false) {
                let files = sources.map { URL(filePath: ($0 as NSString).expandingTildeInPath).standardizedFileURL }
                let model = try ModelImport(files, name: name, like: like, in: .standard())
                for (file, component) in model.recognized.sorted(by: { $0.key < $1.key }) {
                    Terminal.error.line("\(file) is the \(component)")
                }
                let root = try Models.userFolder()
                try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
                _ = try model.run(into: root, copies: copy)
                Terminal.output.line("\(model.name) is installed. Draw with it:")
                Terminal.output.line("  limn draw \"a red apple\" --model \(model.name)")
            }
        }
    }
}

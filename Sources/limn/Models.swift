import ArgumentParser
import ImageGeneration
import Pipelines

struct Models: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the models that are installed and what they can do.",
        discussion: """
            Models are looked for by name in the folders that LIMN_MODELS lists (separated by colons), in Models beside \
            the program, and in the user's data folder. A folder's path works everywhere a name does.

            EXAMPLES
              limn models
              limn models info limn-mini
              limn models info ~/checkpoints/karlo --json
            """,
        subcommands: [List.self, Info.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the installed models.")

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            let names = ModelLibrary.standard().names
            if json {
                Terminal.output.json(["models": names])
            } else {
                names.forEach(Terminal.output.line)
            }
        }
    }

    struct Info: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a model can do, without loading its weights.")

        @Argument(help: "A model's name or folder; without it the default model.")
        var model: String?

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting(json: json) {
                let description = try ModelRegistry.describe(model, in: .standard())
                if json {
                    Terminal.output.json(description.capabilities)
                } else {
                    Self.lines(description.capabilities).forEach(Terminal.output.line)
                }
            }
        }

        static func lines(_ model: Capabilities) -> [String] {
            var lines = [
                "model     \(model.model)",
                "family    \(model.family)",
                "licence   \(model.license ?? "not said")",
                "tasks     \(model.tasks.map(\.rawValue).sorted().joined(separator: ", "))",
                "sizes     \(model.sizes.map(\.description).joined(separator: ", ")) (native \(model.nativeSize))",
            ]
            if !model.presets.isEmpty {
                let presets = model.presets.map { $0 == model.defaultPreset ? "\($0) (default)" : $0 }
                lines.append("presets   \(presets.joined(separator: ", "))")
            }
            for stage in model.stages {
                let guidance = stage.guidance.map { ", guidance \($0)" } ?? ""
                lines.append("stage     \(stage.name): \(stage.solver), \(stage.steps) steps\(guidance)")
            }
            return lines
        }
    }
}

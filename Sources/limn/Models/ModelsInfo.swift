import ArgumentParser
import Checkpoints
import Foundation
import Hub
import HubCache
import ImageGeneration
import Pipelines
import Torch

extension Models {
    struct Info: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a model is and can do, without loading its weights.",
            discussion: """
                EXAMPLES
                  limn models info
                  limn models info kakaobrain/karlo-v1-alpha
                  limn models info ~/checkpoints/karlo --json
                """)

        @Argument(help: "A model's name or folder; without it the default model.")
        var model: String?

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting(json: json) {
                let installed = try ModelLibrary.standard().locate(model)
                let capabilities = try ModelRegistry.describe(installed).capabilities
                let about = About(installed)
                if json {
                    Terminal.output.json(Report(capabilities: capabilities, about: about))
                } else {
                    Self.lines(capabilities, about).forEach(Terminal.output.line)
                }
            }
        }

        static func lines(_ model: Capabilities, _ about: About) -> [String] {
            var lines = [
                "model     \(model.model)",
                "family    \(model.family)",
                "licence   \(model.license ?? about.license ?? "not said")\(about.licenseURL.map { " (\($0))" } ?? "")",
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
            for component in about.components {
                let parameters = component.parameters.map { ", \(Self.count($0)) parameters" } ?? ""
                lines.append(
                    "part      \(component.name): \(component.className)\(parameters), \(ByteCount(component.bytes))")
            }
            lines.append("disk      \(ByteCount(about.bytes))")
            for memory in about.memory {
                lines.append(
                    "memory    \(memory.dtype): weights \(memory.weights.gibibytes); "
                        + "with --low-memory \(memory.lowMemory.gibibytes)")
            }
            if let card = about.card { lines.append("card      \(card)") }
            if let commit = about.commit { lines.append("commit    \(commit)") }
            return lines
        }

        /// `28.6 M`.
        private static func count(_ parameters: Int) -> String {
            let (value, unit) =
                parameters >= 1_000_000_000 ? (1e9, "B") : parameters >= 1_000_000 ? (1e6, "M") : (1e3, "k")
            return String(format: "%.1f \(unit)", Double(parameters) / value)
        }
    }

    /// What a model's folder says besides its capabilities.
    struct About: Encodable {
        struct Component: Encodable {
            var name: String
            var className: String
            /// Nil where it has no weights, or none that can be read.
            var parameters: Int?
            var bytes: Int
        }

        /// What the weights take that a picture is drawn with, in bytes.
        struct Memory: Encodable {
            var dtype: String
            var weights: Int
            /// One network at a time.
            var lowMemory: Int
        }

        var components: [Component] = []
        var bytes: Int
        var memory: [Memory] = []
        var license: String?
        var licenseURL: String?
        /// The card's title, or its file where it has none.
        var card: String?
        /// The revision of the hub's repository.
        var commit: String?

        init(_ model: InstalledModel) {
            let files = ModelFiles(model)
            bytes = files.bytes
            let card = ModelCard(folder: model.folder)
            license = card?.license
            licenseURL = card?.licenseURL ?? license.flatMap { ModelCatalogue.published.license($0)?.url }
            self.card = card.map { $0.title ?? "README.md" }
            if case .hub(_, let commit) = model.place { self.commit = commit }
            memory = [DType.float32, .bfloat16].compactMap { dtype in
                (try? ModelRegistry.memoryNeeds(of: model, dtype: dtype)).map {
                    Memory(dtype: dtype.name, weights: $0.all, lowMemory: $0.one)
                }
            }
            let folder = try? model.files()
            components = (folder?.components ?? [:]).sorted { $0.key < $1.key }.map { name, component in
                let own = files.files.filter { folder?.isPart($0.path, of: name) ?? false }
                let weights = try? folder?.weights(component: name)
                let parameters = weights.map { weights in
                    weights.keys.reduce(0) { $0 + (weights.shape(of: $1) ?? []).reduce(1, *) }
                }
                return Component(
                    name: name, className: component.className, parameters: parameters,
                    bytes: own.reduce(0) { $0 + ($1.size ?? 0) })
            }
        }
    }

    /// The capabilities' own keys, and what is about the files beside them.
    private struct Report: Encodable {
        var capabilities: Capabilities
        var about: About

        func encode(to encoder: any Encoder) throws {
            try capabilities.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(about, forKey: .files)
        }

        enum Key: CodingKey { case files }
    }
}

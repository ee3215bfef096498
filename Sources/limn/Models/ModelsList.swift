import ArgumentParser
import Foundation
import Hub
import HubCache
import ImageGeneration
import Pipelines

extension Models {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the installed models.",
            discussion: """
                A line for each: name, family, size on disk, tasks.

                EXAMPLES
                  limn models list
                  limn models list --available
                  limn models list --json
                """)

        @Flag(help: "List the models that `limn models pull` knows by a short name instead.")
        var available = false

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            if available {
                listAvailable(ModelCatalogue.published.models)
            } else {
                listInstalled(ModelLibrary.standard().installed.map(Row.init))
            }
        }

        private func listInstalled(_ rows: [Row]) {
            if json { return Terminal.output.json(["models": rows]) }
            let width = rows.map(\.name.count).max() ?? 0
            for row in rows {
                let name = row.name.padding(toLength: width, withPad: " ", startingAt: 0)
                let size = "\(ByteCount(row.bytes))"
                Terminal.output.line(
                    "\(name)  \(row.family ?? "unusable")  \(size)  \(row.problem ?? row.tasks.joined(separator: ", "))"
                )
            }
        }

        private func listAvailable(_ models: [ModelCatalogue.Model]) {
            if json { return Terminal.output.json(["models": models]) }
            for model in models {
                Terminal.output.line("\(model.name)  \(model.title) (\(model.license))")
                for part in model.parts { Terminal.output.line("    \(part.repository)") }
            }
        }
    }

    /// An installed model as it is listed.
    private struct Row: Encodable {
        var name: String
        var family: String?
        var bytes: Int
        var tasks: [String] = []
        var license: String?
        /// Why it cannot be used.
        var problem: String?

        init(_ model: InstalledModel) {
            name = model.name
            bytes = ModelFiles(model).bytes
            do {
                let capabilities = try ModelRegistry.describe(model).capabilities
                family = capabilities.family
                tasks = capabilities.tasks.map(\.rawValue).sorted()
                license = capabilities.license ?? ModelCard(folder: model.folder)?.license
            } catch {
                problem = "\(error)"
            }
        }
    }
}

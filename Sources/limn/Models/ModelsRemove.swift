import ArgumentParser
import Foundation
import Hub
import HubCache
import ImageGeneration
import Pipelines

extension Models {
    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a model from the disk.",
            discussion: """
                Removes the model's folder, and the repositories in the hub's cache that it was pulled to, unless another \
                model uses them. Python programs that use the same cache lose them too. Asks first.

                EXAMPLES
                  limn models remove karlo
                  limn models remove kakaobrain/karlo-v1-alpha --yes
                  limn models remove karlo --keep-cache
                """)

        @Argument(help: "A model's name, or OWNER/NAME.")
        var model: String

        @Flag(help: "Do not ask.")
        var yes = false

        @Flag(help: "Remove the model's folder alone, and leave the hub's cache.")
        var keepCache = false

        func run() async throws {
            try await reporting(json: false) {
                let removal = try Removal(model, in: .standard(), keepsCache: keepCache)
                removal.lines.forEach(Terminal.error.line)
                guard yes || Terminal.confirm("Remove \(removal.lines.count > 1 ? "all this" : "it")?") == true else {
                    throw HubError(.invalidRequest, model, "was not removed; answer yes, or use --yes")
                }
                try removal.run()
            }
        }
    }

    /// What is to be removed with a model.
    private struct Removal {
        var folder: URL?
        var repositories: [CachedRepository]

        init(_ name: String, in library: ModelLibrary, keepsCache: Bool) throws {
            let cache = library.hub
            // What an interrupted pull left is no model yet.
            if let id = RepositoryID(name), let repository = cache?.repository(id),
                FileManager.default.fileExists(atPath: repository.folder.path)
            {
                repositories = [repository]
                return
            }
            let model = try library.locate(name)
            switch model.place {
            case .hub(let repository, _): repositories = [repository]
            case .folder:
                folder = model.folder
                let others = library.installed.filter { $0.place == .folder && $0.folder != model.folder }
                let used = Set(others.flatMap { other in cache.map { ModelFiles(other).repositories(in: $0) } ?? [] })
                let own = cache.map { ModelFiles(model).repositories(in: $0) } ?? []
                repositories = keepsCache ? [] : own.filter { !used.contains($0) }
            }
        }

        var lines: [String] {
            let folders = folder.map { ["the folder \($0.path)"] } ?? []
            return folders + repositories.map { "\($0.id), \(ByteCount($0.bytes)) in the hub's cache" }
        }

        func run() throws {
            if let folder {
                do {
                    try FileManager.default.removeItem(at: folder)
                } catch {
                    throw HubError(
                        .unwritable, folder.lastPathComponent, "cannot be removed: \(error.localizedDescription)")
                }
            }
            for repository in repositories { try repository.remove() }
        }
    }
}

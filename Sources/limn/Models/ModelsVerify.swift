import ArgumentParser
import Checkpoints
import Foundation
import HubCache
import Pipelines

extension Models {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a model's files.",
            discussion: """
                Reads every file. One that was pulled must have the digest that its publisher gives; one that limn.json lists \
                must have the digest there; others only have to be readable. Exit code 0 where all is well, 1 where a file is \
                damaged or missing.

                EXAMPLES
                  limn models verify karlo
                  limn models verify                all models
                  limn models verify karlo --discard && limn models pull karlo
                """)

        @Argument(help: "Models' names or folders; without any, all that are installed.")
        var models: [String] = []

        @Flag(help: "Delete damaged files of the hub's cache, so that the next pull fetches them, and only them, anew.")
        var discard = false

        @Flag(name: .shortAndLong, help: "Print only what is wrong.")
        var quiet = false

        func run() async throws {
            try await reporting(json: false) {
                let library = ModelLibrary.standard()
                let chosen = try models.isEmpty ? library.installed : models.map { try library.locate($0) }
                var damaged = 0
                for model in chosen { damaged += try await verify(model) }
                if damaged > 0 {
                    Terminal.error.line(
                        "limn: \(damaged) damaged; `limn models verify --discard` and `limn models pull` fetch files of the hub anew"
                    )
                    throw ExitCode(ExitStatus.failedChecks.rawValue)
                }
            }
        }

        /// - Returns: how many files are not what they should be.
        private func verify(_ model: InstalledModel) async throws -> Int {
            var damaged = 0
            var (checked, read) = (0, 0)
            let listed = (try? model.files())?.manifest?.digests ?? [:]
            for file in ModelFiles(model).files {
                let digest = file.digest ?? listed[file.path].flatMap { FileDigest($0) }
                if let problem = try await Self.problem(file, digest) {
                    damaged += 1
                    Terminal.output.line("\(model.name)/\(file.path): \(problem)")
                    if discard, file.digest != nil, file.size != nil {
                        try FileManager.default.removeItem(at: file.contents)
                    }
                } else if digest != nil {
                    checked += 1
                } else {
                    read += 1
                }
            }
            do {
                _ = try ModelRegistry.describe(model)
            } catch {
                damaged += 1
                Terminal.output.line("\(model.name): \(error)")
            }
            if !quiet, damaged == 0 {
                let rest = read > 0 ? ", \(read) have none to compare with" : ""
                Terminal.output.line("\(model.name): \(checked) files have the right digest\(rest)")
            }
            return damaged
        }

        private static func problem(_ file: ModelFiles.File, _ digest: FileDigest?) async throws -> String? {
            guard file.size != nil else {
                return "the link leads nowhere: the cache was moved, or the file was deleted"
            }
            do {
                if let digest {
                    return try await digest.matches(file.contents) ? nil : "has another digest than \(digest)"
                }
                if file.path.hasSuffix(".safetensors") { _ = try TensorFile(file.contents, name: file.path) }
                return nil
            } catch let error as CancellationError {
                throw error
            } catch {
                return "cannot be read: \(error)"
            }
        }
    }
}

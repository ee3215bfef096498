import ArgumentParser
import Foundation
import Store

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for damage in a server's data, and mend it.",
        discussion: """
            Prints what it finds, one finding a line. Exit code 0 where all is well, 1 where something was found; with \
            --repair, 1 where something is left that it cannot mend. Looking is fine while the server runs; mending is not.

            EXAMPLES
              limn doctor
              limn doctor --repair
            """)

    @Flag(help: "Mend what can be mended. The server must not run.")
    var repair = false

    @OptionGroup var folder: DataFolder

    func run() async throws {
        try await reporting(json: false) {
            try folder.requireData()
            let store = try SQLiteStore(folder: folder.url, use: repair ? .server : .visitor)
            var findings = try await store.examine()
            findings.forEach { Terminal.output.line("\($0)") }
            if repair {
                try await store.repair(findings)
                findings = try await store.examine()
                findings.forEach { Terminal.error.line("limn: not mended: \($0)") }
            }
            if !findings.isEmpty { throw ExitCode(ExitStatus.failedChecks.rawValue) }
        }
    }
}

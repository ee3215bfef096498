import ArgumentParser
import Foundation
import Hub
import HubCache
import Pipelines

extension Models {
    struct Pull: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Fetch a model from the hub.",
            discussion: """
                Fetches the files that Limn needs, several at once, into the cache that huggingface_hub keeps, and checks \
                every one before it is used. What is there already, also what Python fetched, is not fetched again. A pull \
                that was interrupted goes on where it stopped.

                EXAMPLES
                  limn models pull karlo
                  limn models pull karlo --dry-run
                  limn models pull kakaobrain/karlo-v1-alpha --accept-license
                  limn models pull OWNER/NAME@REVISION --variant fp16
                  HF_ENDPOINT=https://hub.example.org limn models pull karlo
                """)

        @Argument(
            help: ArgumentHelp(
                "A short name of `limn models list --available`, or OWNER/NAME, or OWNER/NAME@REVISION.",
                valueName: "model"))
        var model: String

        @Option(
            help: ArgumentHelp("Weights of another precision where there are any, such as fp16.", valueName: "name"))
        var variant: String?

        @Flag(help: "Accept the model's licence without being asked.")
        var acceptLicense = false

        @Flag(help: "Show what would be fetched, and fetch nothing.")
        var dryRun = false

        @Option(help: ArgumentHelp("How many files are fetched at once, 1 to 16.", valueName: "number"))
        var parallel = 4

        @Flag(name: .shortAndLong, help: "Do not show progress.")
        var quiet = false

        @Flag(help: "Print the result as JSON on standard output.")
        var json = false

        func validate() throws {
            guard (1...16).contains(parallel) else {
                throw ValidationError("--parallel is \(parallel); expected 1 to 16")
            }
        }

        func run() async throws {
            try await reporting(json: json) { try await pull() }
        }

        private func pull() async throws {
            let target = try PullTarget(model, in: .published)
            let settings = HubSettings()
            if settings.isOffline, !dryRun {
                return try finish(target, snapshots: target.cached(in: settings.cache), received: 0)
            }
            let result: PullResult? = try await HubClient.with(settings) { client in
                let puller = Puller(client: client, parallel: parallel)
                var plans: [PullPlan] = []
                for source in target.sources {
                    plans.append(
                        try await puller.plan(source.id, revision: source.revision, only: source.only, variant: variant)
                    )
                }
                if dryRun {
                    show(plans)
                    return nil
                }
                try agree(to: plans)
                return try await fetch(plans, puller)
            }
            if let result { try finish(target, snapshots: result.snapshots, received: result.receivedBytes) }
        }

        private func fetch(_ plans: [PullPlan], _ puller: Puller) async throws -> PullResult {
            let line = SharedProgressLine(isShown: !quiet)
            defer { line.clear() }
            return try await puller.run(plans) { line.show($0) }
        }

        /// Shows the licences of what is to be fetched, and has them accepted.
        private func agree(to plans: [PullPlan]) throws {
            let ledger = LicenseLedger(
                try Models.userFolder().deletingLastPathComponent().appending(path: "licenses.json"))
            for plan in plans where !plan.missing.isEmpty {
                let license = PulledLicense(plan, catalogue: .published)
                guard !ledger.isAccepted(license.name, of: plan.id) else { continue }
                license.lines.forEach(Terminal.error.line)
                guard acceptLicense || Terminal.confirm("Do you accept it?") == true else {
                    throw HubError(
                        .licenseNotAccepted, "\(plan.id)",
                        "its licence (\(license.name)) was not accepted; nothing was fetched. Read it, then pull with --accept-license"
                    )
                }
                try ledger.accept(license.name, of: plan.id)
            }
        }

        private func show(_ plans: [PullPlan]) {
            if json {
                return Terminal.output.json([
                    "files": plans.flatMap { plan in plan.files.map { PlannedFile($0, of: plan) } }
                ])
            }
            for plan in plans {
                Terminal.output.line("\(plan.id) at \(plan.commit), \(PulledLicense(plan, catalogue: .published).name)")
                for file in plan.files {
                    let state =
                        file.isPresent ? " (here)" : file.present > 0 ? " (\(ByteCount(file.present)) here)" : ""
                    Terminal.output.line("  \(ByteCount(file.listed.size))\t\(file.listed.path)\(state)")
                }
            }
            let bytes = plans.reduce(0) { $0 + $1.bytesToFetch }
            Terminal.output.line("\(ByteCount(bytes)) to fetch of \(ByteCount(plans.reduce(0) { $0 + $1.bytes }))")
        }

        private func finish(_ target: PullTarget, snapshots: [URL], received: Int) throws {
            let folder: URL
            if let model = target.model {
                folder = try ModelComposition.install(model, of: snapshots, in: Models.userFolder())
            } else {
                folder = snapshots[0]
            }
            let problem = Self.problem(target.name)
            if json {
                return Terminal.output.json(
                    Pulled(model: target.name, folder: folder.path, receivedBytes: received, problem: problem))
            }
            Terminal.output.line("\(target.name) is installed (\(ByteCount(received)) fetched).")
            if let problem {
                Terminal.output.line("It cannot be drawn with yet: \(problem)")
            } else {
                Terminal.output.line("  limn draw \"a red apple\" --model \(target.name)")
            }
        }

        /// Why a model that is there cannot be used.
        private static func problem(_ name: String) -> String? {
            do {
                _ = try ModelRegistry.describe(name, in: .standard())
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    private struct Pulled: Encodable {
        var model: String
        var folder: String
        var receivedBytes: Int
        /// Why it cannot be used; nil where it can.
        var problem: String?
    }

    private struct PlannedFile: Encodable {
        var repository: String
        var path: String
        var bytes: Int
        var presentBytes: Int
        var digest: String

        init(_ file: PullPlan.File, of plan: PullPlan) {
            repository = "\(plan.id)"
            path = file.listed.path
            bytes = file.listed.size
            presentBytes = file.present
            digest = file.listed.digest.hexadecimal
        }
    }
}

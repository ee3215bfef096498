import ArgumentParser
import ContentPolicy
import FakeEngine
import Foundation
import ImageGeneration
import Logging
import Pipelines
import Server
import Service

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the studio, a web page to draw with, and OpenAI's Images API.",
        discussion: """
            Prints its address and, while there is no account, a link that makes the first one. Stops on Ctrl-C and on \
            SIGTERM; what waits in the queue is drawn after the next start.

            EXAMPLES
              limn serve                                 on http://127.0.0.1:8080
              limn serve --port 9000 --data ~/limn-data  elsewhere
              limn serve --host 0.0.0.0                  for other machines too; put TLS before it
              limn serve --policy my.rules               by your own content rules
            """)

    @Option(help: "The network address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on.")
    var port = 8080

    @Option(help: ArgumentHelp("The data folder: accounts, jobs, pictures.", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("A rules file of the content policy.", valueName: "file"))
    var policy: String?

    @Option(help: "How many pictures an account may ask for in any minute.")
    var imagesPerMinute = 50

    @Flag(help: "Browsers reach the server by TLS, as behind a proxy: cookies travel by it alone.")
    var secureCookies = false

    enum EngineName: String, ExpressibleByArgument, CaseIterable { case local, fake }

    @Option(help: "local draws; fake makes coloured stand-ins at once, for trying the server out.")
    var engine = EngineName.local

    @Option(help: ArgumentHelp("How long a step of the fake engine takes.", valueName: "milliseconds"))
    var fakeStep = 50

    @OptionGroup var compute: EngineOptions

    func run() async throws {
        try await reporting(json: false) {
            var options = ServerOptions(host: host, port: port, folder: folder, version: Self.version)
            options.limits.imagesPerMinute = imagesPerMinute
            options.isSecure = secureCookies
            var logger = Logger(label: "limn")
            logger.logLevel = .notice
            let server = try LimnServer(options: options, engines: [try drawing()], policy: rules(), logger: logger)
            let firstRun = try await server.firstRunPath()
            let address = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
            try await server.run {
                Terminal.output.line("Limn is at \(address)")
                if let firstRun { Terminal.output.line("Make the first account: \(address)\(firstRun)") }
            }
        }
    }

    static let version = "0.2.0"

    private var folder: URL {
        if let data { return URL(filePath: (data as NSString).expandingTildeInPath) }
        let root =
            ProcessInfo.processInfo.environment["XDG_DATA_HOME"].map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share")
        return root.appending(path: "limn")
    }

    private func rules() throws -> Policy {
        guard let policy else { return try .standard() }
        return try Policy(contentsOf: URL(fileURLWithPath: policy))
    }

    private func drawing() throws -> Engine {
        switch engine {
        case .local:
            let (device, dtype) = try compute.resolved()
            return Engine(
                name: "\(device)",
                generator: LocalImageGenerator(library: .standard(), options: .init(device: device, dtype: dtype)))
        case .fake:
            var options = FakeImageGenerator.Options()
            options.stepTime = .milliseconds(fakeStep)
            options.steps = 8
            return Engine(name: "fake", generator: FakeImageGenerator(options))
        }
    }
}

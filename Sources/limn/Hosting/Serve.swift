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
              limn serve --host 0.0.0.0                  for other machines too; better with TLS
              limn serve --policy my.rules               by your own content rules
              limn serve --host 0.0.0.0 --port 443 --tls-cert site.pem --tls-key site.key
              limn serve --model limn-mini --unload-after 600
            """)

    @Option(help: "The network address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 for one that is free.")
    var port = 8080

    @OptionGroup var folder: DataFolder

    @Option(help: ArgumentHelp("A rules file of the content policy.", valueName: "file"))
    var policy: String?

    @Option(help: "How many pictures an account may ask for in any minute.")
    var imagesPerMinute = 50

    @Flag(help: "Browsers reach the server by TLS, as behind a proxy: cookies travel by it alone.")
    var secureCookies = false

    @Option(help: ArgumentHelp("A certificate in PEM with its chain; the server then speaks TLS.", valueName: "file"))
    var tlsCert: String?

    @Option(help: ArgumentHelp("The certificate's private key, in PEM.", valueName: "file"))
    var tlsKey: String?

    @Option(help: "Who may make an account: open, invitation or closed. (default: as it was; at first, invitation)")
    var signUp: SignUpMode?

    @Option(
        name: .customLong("cors-origin"),
        help: ArgumentHelp("Another site whose pages may call the API; may be repeated.", valueName: "origin"))
    var origins: [String] = []

    @Option(help: "The model for requests that name none.")
    var model: String?

    @Option(help: ArgumentHelp("Give the models' memory back after so long without work.", valueName: "seconds"))
    var unloadAfter: Double?

    enum EngineName: String, ExpressibleByArgument, CaseIterable { case local, fake }

    @Option(
        help: ArgumentHelp("local draws; fake makes coloured stand-ins at once.", visibility: .hidden))
    var engine = EngineName.local

    @Option(
        help: ArgumentHelp("How long a step of the fake engine takes.", valueName: "milliseconds", visibility: .hidden))
    var fakeStep = 50

    @OptionGroup var compute: EngineOptions

    func validate() throws {
        if (tlsCert == nil) != (tlsKey == nil) { throw ValidationError("--tls-cert and --tls-key go together") }
        if !(0...65535).contains(port) { throw ValidationError("--port is \(port); expected 0 to 65535") }
        if fakeStep < 0 { throw ValidationError("--fake-step is \(fakeStep); expected 0 or more") }
        if let unloadAfter, !(unloadAfter > 0) { throw ValidationError("--unload-after takes more than 0 seconds") }
    }

    /// SIGTERM and Ctrl-C are the server's own: it lets what is being drawn come to its end.
    func run() async throws {
        let server = try LimnServer(
            options: options, engines: [try await drawing()], policy: rules(), logger: Logger(label: "limn"))
        if let signUp { try await server.setSignUpMode(signUp) }
        let firstRun = try await server.firstRunPath()
        let site = "\(tlsCert == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host)"
        try await server.run { port in
            let address = "\(site):\(port)"
            Terminal.output.line("Limn is at \(address)")
            if let firstRun { Terminal.output.line("Make the first account: \(address)\(firstRun)") }
        }
    }

    private var options: ServerOptions {
        var options = ServerOptions(host: host, port: port, folder: folder.url, version: Self.version)
        options.limits.imagesPerMinute = imagesPerMinute
        options.isSecure = secureCookies
        options.origins = Set(origins)
        if let tlsCert, let tlsKey { options.certificate = TLSCertificate(chain: tlsCert, key: tlsKey) }
        return options
    }

    static let version = "0.2.0"

    private func rules() throws -> Policy {
        guard let policy else { return try .standard() }
        return try Policy(contentsOf: URL(fileURLWithPath: policy))
    }

    private func drawing() async throws -> Engine {
        switch engine {
        case .local:
            let (device, dtype) = try compute.resolved()
            let local = LocalImageGenerator(
                library: .standard(), options: .init(device: device, dtype: dtype, residency: compute.residency))
            return Engine(name: "\(device)", generator: try await preferring(local), unloadAfter: unloadAfter)
        case .fake:
            var options = FakeImageGenerator.Options()
            options.stepTime = .milliseconds(fakeStep)
            options.steps = 8
            return Engine(name: "fake", generator: try await preferring(FakeImageGenerator(options)))
        }
    }

    /// - Throws: `GenerationError` where there is no such model.
    private func preferring(_ generator: any ImageGenerator) async throws -> any ImageGenerator {
        guard let model else { return generator }
        _ = try await generator.capabilities(of: model)
        return PreferringGenerator(base: generator, model: model)
    }
}

extension SignUpMode: ExpressibleByArgument {}

/// An engine whose default model is another.
private struct PreferringGenerator: ImageGenerator {
    let base: any ImageGenerator
    let model: String

    func models() async throws -> [String] { [model] + (try await base.models()).filter { $0 != model } }

    func capabilities(of name: String?) async throws -> Capabilities { try await base.capabilities(of: name ?? model) }

    func generate(_ request: ImageRequest) -> AsyncThrowingStream<ImageEvent, any Error> {
        base.generate(named(request))
    }

    func generate(together requests: [ImageRequest]) -> AsyncThrowingStream<BatchEvent, any Error> {
        base.generate(together: requests.map(named))
    }

    func unload() async { await base.unload() }

    private func named(_ request: ImageRequest) -> ImageRequest {
        var request = request
        request.model = request.model ?? model
        return request
    }
}

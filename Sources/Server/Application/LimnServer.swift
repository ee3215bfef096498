import ContentPolicy
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import Service
import ServiceLifecycle
import Store

/// Where and how the server runs.
public struct ServerOptions: Sendable {
    public var host: String
    public var port: Int
    /// The data folder.
    public var folder: URL
    public var version: String
    public var limits = LimitDefaults()
    /// Whether browsers reach the server by TLS, as behind a proxy.
    public var isSecure = false
    /// With it the server speaks TLS itself.
    public var certificate: TLSCertificate?
    /// Other sites whose pages may call the API, such as `https://example.org`.
    public var origins: Set<String> = []
    /// How long pictures that are being drawn may take to come to their end when the server stops.
    public var farewell = Duration.seconds(20)

    public init(host: String, port: Int, folder: URL, version: String) {
        self.host = host
        self.port = port
        self.folder = folder
        self.version = version
    }
}

/// The server: store, queue and pages put together. It holds its data folder as long as it lives.
public struct LimnServer: Sendable {
    let options: ServerOptions
    let store: SQLiteStore
    let accounts: Accounts
    let jobs: Jobs
    let limits: Limits
    let policy: Policy
    let secrets: Secrets
    let logger: Logger
    private let connections = Connections()

    /// - Throws: `StoreError` where the data folder cannot be used.
    public init(options: ServerOptions, engines: [Engine], policy: Policy, logger: Logger) throws {
        self.options = options
        self.policy = policy
        self.logger = logger
        store = try SQLiteStore(folder: options.folder, use: .server)
        secrets = try Secrets(folder: options.folder)
        accounts = try Accounts(store: store)
        limits = Limits(store: store, defaults: options.limits)
        jobs = Jobs(
            store: store, engines: engines, limits: limits, screen: PolicyScreen(policy), folder: options.folder,
            logger: logger)
    }

    /// The path that makes the first account; nil where there are accounts.
    public func firstRunPath() async throws -> String? {
        guard try await accounts.isEmpty() else { return nil }
        return Self.signUpPath(invitation: try await accounts.firstRunInvitation())
    }

    /// The page on which an invitation is used. A fragment is sent to no server and stands in no log.
    public static func signUpPath(invitation: String) -> String { "/sign-up#invitation=\(invitation)" }

    /// Who may make an account from now on.
    public func setSignUpMode(_ mode: SignUpMode) async throws { try await accounts.setSignUpMode(mode) }

    /// Serves until SIGTERM or SIGINT, then lets what is being drawn come to its end.
    /// - Parameter ready: called with the port when the server listens.
    /// - Throws: `ServingError` where it cannot.
    public func run(ready: @escaping @Sendable (Int) -> Void) async throws {
        let server = try server()
        try await jobs.start()
        var application = Application(
            router: try router(), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: "limn"),
            onServerRunning: { [port = options.port] in ready($0.localAddress?.port ?? port) }, logger: logger)
        application.addServices(JobsService(jobs: jobs, farewell: options.farewell))
        do {
            try await application.runService()
        } catch {
            throw ServingError.explaining(error, host: options.host, port: options.port)
        }
    }

    func router() throws -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: [.autoGenerateHeadEndpoints])
        let metrics = ServerMetrics()
        router.add(
            middleware: AnswerMiddleware(
                metrics: metrics, connections: connections, origins: options.origins, isSecure: isSecure))
        OperationRoutes(store: store, jobs: jobs, metrics: metrics, version: options.version).add(to: router)
        addAPI(to: router)
        try Studio(
            store: store, jobs: jobs, accounts: accounts, limits: limits, policy: policy, secrets: secrets,
            folder: options.folder, version: options.version, isSecure: isSecure
        ).add(to: router)
        return router
    }

    private var isSecure: Bool { options.isSecure || options.certificate != nil }

    private func addAPI(to router: Router<ServerContext>) {
        let files = SignedFiles(store: store, signature: URLSignature(secrets))
        files.add(to: router)
        let sessions = StudioSessions(accounts: accounts, key: secrets.key(for: "csrf"), isSecure: isSecure)
        let api = router.group("/v1").add(
            middleware: AccessMiddleware(accounts: accounts, sessions: sessions, limits: limits, isSecure: isSecure))
        ImageRoutes(
            jobs: jobs, policy: policy, inputs: InputPictures(pictures: Pictures(store: store), policy: policy),
            answers: ImageAnswers(jobs: jobs, store: store, files: files)
        ).add(to: api)
        JobEndpoints(jobs: jobs, answer: JobAnswer(store: store, files: files)).add(to: api)
        ModelEndpoints(jobs: jobs).add(to: api)
        ModerationEndpoint(policy: policy).add(to: api)
    }

    /// How long a connection may be without a request, or a request's body without a byte.
    private static let idleTime = TimeAmount.seconds(120)

    private func server() throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [ClientPresence(connections)], idleTimeout: Self.idleTime))
        guard let certificate = options.certificate else { return plain }
        return try .tls(plain, tlsConfiguration: certificate.configuration())
    }
}

/// Stops the queue when the server stops.
private struct JobsService: ServiceLifecycle.Service {
    let jobs: Jobs
    let farewell: Duration

    func run() async throws {
        try? await gracefulShutdown()
        await jobs.shutDown(within: farewell)
    }
}

import Foundation
import HubCache
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A hub on this machine: the hub's own server, and a second one in the place of the content network, on another port
/// and by another name. It can be told to fail, and writes down what it was asked.
final class HubStandIn: Sendable {
    /// What happens to one request.
    enum Fault: Sendable {
        case status(Int, headers: [String: String] = [:])
        /// The connection breaks after so many bytes.
        case cut(after: Int)
        /// No more comes after so many bytes, until the stand-in ends.
        case stall(after: Int)
        case ignoresRange
        /// One byte is another.
        case corrupt
        case redirect(to: String)

        var ignoresRanges: Bool { if case .ignoresRange = self { true } else { false } }
        var end: Int? {
            switch self {
            case .cut(let after), .stall(let after): after
            default: nil
            }
        }
    }

    /// A request, and what was sent for it.
    struct Entry: Sendable {
        var server: String
        var path: String
        var authorization: String?
        var range: String?
        var bytes = 0
    }

    struct State {
        var ports: [String: Int] = [:]
        var faults: [String: [Fault]] = [:]
        var requests: [Entry] = []
        var token: String?
    }

    let repositories: [RepositoryStandIn]
    let state = Mutex(State())

    private init(_ repositories: [RepositoryStandIn]) { self.repositories = repositories }

    /// Runs both servers while the body runs.
    static func with<R: Sendable>(
        _ repositories: RepositoryStandIn..., body: @escaping @Sendable (HubStandIn) async throws -> R
    ) async throws -> R {
        let hub = HubStandIn(repositories)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            for (name, address) in [("hub", "127.0.0.1"), ("cdn", "localhost")] {
                let (bound, binding) = AsyncStream<Int>.makeStream()
                let router = name == "hub" ? hub.hubRouter() : hub.contentRouter()
                var logger = Logger(label: "stand-in")
                logger.logLevel = .critical
                let application = Application(
                    router: router, configuration: .init(address: .hostname(address, port: 0)),
                    onServerRunning: { channel in binding.yield(channel.localAddress?.port ?? 0) }, logger: logger)
                group.addTask { try await application.run() }
                for await port in bound {
                    hub.state.withLock { $0.ports[name] = port }
                    break
                }
            }
            return try await body(hub)
        }
    }

    var endpoint: String { "http://127.0.0.1:\(port("hub"))" }
    func port(_ server: String) -> Int { state.withLock { $0.ports[server] ?? 0 } }

    /// Faults for the next requests for a file's path, or for the hub's interface (`api`).
    func fail(_ path: String, _ faults: Fault...) { state.withLock { $0.faults[path, default: []] += faults } }

    var requests: [Entry] { state.withLock { $0.requests } }
    func forget() { state.withLock { $0.requests = [] } }
    /// Bytes of files that were sent since `forget()`.
    var bytesServed: Int { requests.reduce(0) { $0 + $1.bytes } }

    func nextFault(_ path: String) -> Fault? {
        state.withLock { state in
            guard let first = state.faults[path]?.first else { return nil }
            state.faults[path]?.removeFirst()
            return first
        }
    }

    /// - Returns: the entry's number.
    @discardableResult
    func note(_ entry: Entry) -> Int {
        state.withLock { state in
            state.requests.append(entry)
            return state.requests.count - 1
        }
    }
}

import Hummingbird
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Tells when the client of a connection has gone: when it closed the connection, or its own side of it.
///
/// A connection answers one request after the other, so there is one piece of work at a time to be told.
final class ClientPresence: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private struct State {
        var isGone = false
        var whenGone: (@Sendable () -> Void)?
    }

    private let connections: Connections
    private let state = Mutex(State())

    init(_ connections: Connections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) { connections.add(self, of: context.channel) }

    func handlerRemoved(context: ChannelHandlerContext) { connections.remove(context.channel) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { go() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        go()
        context.fireChannelInactive()
    }

    private func go() {
        let whenGone = state.withLock { state in
            state.isGone = true
            return state.whenGone
        }
        whenGone?()
    }

    /// Runs work that is of use to this client alone, and cancels it when the client goes.
    func whileHere<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let task = Task(operation: work)
        let isGone = state.withLock { state in
            state.whenGone = { task.cancel() }
            return state.isGone
        }
        if isGone { task.cancel() }
        defer { state.withLock { $0.whenGone = nil } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}

/// The connections that are open now.
final class Connections: Sendable {
    private let presences = Mutex<[ObjectIdentifier: ClientPresence]>([:])

    func add(_ presence: ClientPresence, of channel: any Channel) {
        presences.withLock { $0[ObjectIdentifier(channel)] = presence }
    }

    func remove(_ channel: any Channel) {
        presences.withLock { $0[ObjectIdentifier(channel)] = nil }
    }

    /// Nil for a request that came by no connection, as in tests: then there is nobody who could go.
    func client(of channel: any Channel) -> ClientPresence? {
        presences.withLock { $0[ObjectIdentifier(channel)] }
    }
}

extension ServerContext {
    /// Runs work that is of use to the client alone, and cancels it when the client goes.
    func whileClientIsHere<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        guard let client else { return try await work() }
        return try await client.whileHere(work)
    }
}

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

    private let state = Mutex(State())

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

extension ServerContext {
    /// Runs work that is of use to the client alone, and cancels it when the client goes.
    func whileClientIsHere<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        // A request that came by no connection, as in tests, has nobody who could go.
        guard let presence = try? await channel.pipeline.handler(type: ClientPresence.self).get() else {
            return try await work()
        }
        return try await presence.whileHere(work)
    }
}

import Hummingbird
import NIOCore

/// A request's body that can be left unread.
///
/// A client that is still sending reads no answer, so what was not read is thrown away after the answer; from one that
/// sends without end, the connection is taken.
final class RequestIntake: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// The body can be iterated once; who reads it and what is left of it share this iterator.
    private nonisolated(unsafe) var rest: RequestBody.AsyncIterator
    private nonisolated(unsafe) var isAtEnd = false

    init(_ body: RequestBody) { rest = body.makeAsyncIterator() }

    struct AsyncIterator: AsyncIteratorProtocol {
        let intake: RequestIntake

        func next() async throws -> ByteBuffer? { try await intake.next() }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(intake: self) }

    /// The middleware hands the body to one handler and takes it back when that has ended: nobody reads at once.
    private func next() async throws -> ByteBuffer? {
        if isAtEnd { return nil }
        let buffer = try await rest.next()
        isAtEnd = buffer == nil
        return buffer
    }

    /// Bytes and seconds that are waited for what nobody wants.
    private static let patience = (bytes: 64 << 20, time: TimeAmount.seconds(10))

    /// Reads the rest and forgets it; closes the connection where there is too much of it.
    func discardRest(of channel: any Channel) async {
        if isAtEnd { return }
        let deadline = channel.eventLoop.scheduleTask(in: Self.patience.time) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        var left = Self.patience.bytes
        while left > 0, let buffer = try? await next() { left -= buffer.readableBytes }
        if !isAtEnd { channel.close(promise: nil) }
    }
}

extension RequestIntake {
    /// Has a request that comes with a body read through an intake; nil for one without.
    static func taking(_ request: inout Request) -> RequestIntake? {
        let hasBody = request.headers[.contentLength].map { $0 != "0" } ?? (request.headers[.transferEncoding] != nil)
        guard hasBody else { return nil }
        let intake = RequestIntake(request.body)
        request.body = RequestBody(asyncSequence: intake)
        return intake
    }
}

extension Response {
    /// This answer, after which the rest of the request is thrown away.
    func discarding(_ intake: RequestIntake, of channel: any Channel) -> Response {
        var response = self
        response.body = ResponseBody(contentLength: body.contentLength) { [body] writer in
            try await body.write(writer)
            await intake.discardRest(of: channel)
        }
        return response
    }
}

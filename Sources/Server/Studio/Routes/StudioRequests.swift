import Foundation
import Hummingbird
import Imaging
import NIOCore
import Service
import Store

extension RequestContext {
    /// The id in the address.
    /// - Throws: 404 for a text that is none: such a row cannot exist.
    func id<Row: Entity>(_ name: String = "id", of: Row.Type = Row.self) throws -> Identifier<Row> {
        guard let text = parameters.get(name), let id = Identifier<Row>(text) else { throw StudioProblem.notFound }
        return id
    }
}

extension Request {
    /// A JSON body.
    /// - Throws: `StudioProblem` that names the field.
    func json<Body: Decodable>(_ type: Body.Type, limit: Int = 1 << 20) async throws -> Body {
        try Self.decode(type, Data(buffer: try await bytes(limit: limit)))
    }

    /// - Throws: 413 for more than `limit` bytes; told by its Content-Length, nothing of it is read.
    func bytes(limit: Int) async throws -> ByteBuffer {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw StudioProblem.tooLarge(limit)
        }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw StudioProblem.tooLarge(limit)
        }
    }

    static func decode<Body: Decodable>(_ type: Body.Type, _ data: Data) throws(StudioProblem) -> Body {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let error as DecodingError {
            throw .malformed(error)
        } catch {
            throw StudioProblem(.badRequest, "The request's body is not JSON.")
        }
    }
}

extension Response {
    /// A value as JSON, never kept by caches.
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .secondsSince1970
        return Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(data: try encoder.encode(value))))
    }

    static var nothing: Response { Response(status: .noContent) }
}

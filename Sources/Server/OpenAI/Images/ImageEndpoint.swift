import Foundation
import HTTPTypes
import Hummingbird
import ImageGeneration
import NIOCore

/// One of the endpoints that draw: what differs between them, as data.
struct ImageEndpoint: Sendable {
    var path: String
    var task: TaskKind
    var fields: [Field]
    /// What the names of its events begin with; nil where it does not stream.
    var events: String?
    /// Whether the body is a form, else JSON.
    var isForm: Bool
    var summary: String

    static let all = [
        ImageEndpoint(
            path: "/v1/images/generations", task: .textToImage, fields: ImageFields.generations,
            events: "image_generation", isForm: false, summary: "Draws pictures from words."),
        ImageEndpoint(
            path: "/v1/images/edits", task: .inpaint, fields: ImageFields.edits, events: "image_edit", isForm: true,
            summary: "Paints a region of a picture anew."),
        ImageEndpoint(
            path: "/v1/images/variations", task: .variation, fields: ImageFields.variations, events: nil,
            isForm: true, summary: "Draws pictures that are like another."),
    ]

    /// Of a whole body: two pictures of 4 MB and a little for the rest, or a JSON object.
    var bodyLimit: Int { isForm ? 2 * ImageFields.pictureLimit + (1 << 20) : 1 << 20 }

    /// Refuses what is of another kind or too large, before anything of the body is read.
    func checkHead(of request: Request) throws(APIError) {
        let type = request.headers[.contentType]?.lowercased() ?? ""
        let expected = isForm ? "multipart/form-data" : "application/json"
        guard type.hasPrefix(expected) else {
            throw APIError(.unsupportedMediaType, "Invalid Content-Type header; expected \(expected).")
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bodyLimit {
            throw .tooLarge(bodyLimit)
        }
    }

    func values(of request: Request) async throws -> FieldValues {
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: bodyLimit)
        } catch is NIOTooManyBytesError {
            throw APIError.tooLarge(bodyLimit)
        }
        guard isForm else { return try FieldValues(json: Data(buffer: bytes), fields: fields) }
        let boundary = try MultipartForm.boundary(ofContentType: request.headers[.contentType] ?? "")
        let form = try MultipartForm(
            parsing: Array(bytes.readableBytesView), boundary: boundary,
            limits: MultipartLimits(partBytes: ImageFields.pictureLimit))
        return try FieldValues(form: form, fields: fields)
    }
}

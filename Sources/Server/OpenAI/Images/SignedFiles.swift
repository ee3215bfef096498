import Foundation
import HTTPTypes
import Hummingbird
import Imaging
import NIOPosix
import Service
import Store

/// Pictures at addresses that are good for 60 minutes, for whoever has them: `/files/ID.png?exp=…&sig=…`.
struct SignedFiles: Sendable {
    let store: any DataStore
    let signature: URLSignature

    /// Seconds.
    static let life: TimeInterval = 3600

    func address(of picture: Picture, on address: String) -> String {
        let path = "/files/\(picture.id).\(picture.format)"
        return "\(address)\(path)?\(signature.query(path: path, expires: Date() + Self.life))"
    }

    func add(to router: some RouterMethods<ServerContext>) {
        router.get("/files/:name") { (request: Request, context: ServerContext) -> Response in
            let query = request.uri.queryParameters
            guard
                signature.isValid(
                    path: request.uri.path, exp: String(query["exp"] ?? ""), sig: String(query["sig"] ?? ""),
                    now: Date())
            else {
                throw APIError(
                    .forbidden, "This address is out of date or was changed; ask for the picture again.",
                    code: "invalid_signature")
            }
            let name = (context.parameters.get("name") ?? "").split(separator: ".").first.map(String.init) ?? ""
            guard let id = Picture.ID(name), let picture = try await store.picture(signed: id) else {
                throw APIError.notFound
            }
            return try await response(picture)
        }
    }

    private func response(_ picture: Picture) async throws -> Response {
        let data = try await NIOThreadPool.singleton.runIfActive { [blobs = store.blobs] in
            try blobs.read(picture.blob)
        }
        let type = ImageFormat(rawValue: picture.format)?.mediaType ?? "application/octet-stream"
        return Response(
            status: .ok,
            headers: [
                .contentType: type, .cacheControl: "private, max-age=\(Int(Self.life)), immutable",
                .contentSecurityPolicy: "default-src 'none'; sandbox",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(data: data)))
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import Imaging
import NIOPosix
import Store

/// Pictures as files: as they are stored, smaller, or in another format, with what made them inside; and many as one ZIP
/// archive.
struct PictureFiles: Sendable {
    let store: any DataStore

    private static let widths = 16...4096
    private static let most = 500

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.get("/pictures/:id/file") { [store] request, context in
            guard let picture = try await store.picture(try context.id(), owner: try context.user.id) else {
                throw StudioProblem.notFound
            }
            return try await file(picture, for: request)
        }
        router.post("/pictures/zip") { request, context in
            let ids = try await request.json(Chosen.self).ids
            guard ids.count <= Self.most else {
                throw StudioProblem(.badRequest, "At most \(Self.most) pictures go into one archive.", param: "ids")
            }
            return archive(try await store.pictures(ids, owner: try context.user.id))
        }
    }

    /// A picture never changes under its id, so a browser may keep it.
    func file(_ picture: Picture, for request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        let format = query["format"].map { ImageFormat(rawValue: String($0)) } ?? ImageFormat(rawValue: picture.format)
        guard let format else {
            throw StudioProblem(.badRequest, "'format' is one of png, jpeg, webp", param: "format")
        }
        let width = query["width"].flatMap { Int($0) }
        guard query["width"] == nil || width.map(Self.widths.contains) == true else {
            throw StudioProblem(.badRequest, "'width' is a number from 16 to 4096", param: "width")
        }
        let isDownload = query["download"] != nil
        let data = try await bytes(of: picture, as: format, width: width, isDownload: isDownload)
        var headers: HTTPFields = [
            .contentType: width == nil ? format.mediaType : ImageFormat.webp.mediaType,
            .cacheControl: "private, max-age=31536000, immutable",
            .contentSecurityPolicy: "default-src 'none'; sandbox",
        ]
        headers[.xContentTypeOptions] = "nosniff"
        if isDownload {
            headers[.contentDisposition] = "attachment; filename=\"\(Self.name(of: picture)).\(format.fileExtension)\""
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(data: data)))
    }

    private func bytes(
        of picture: Picture, as format: ImageFormat, width: Int?, isDownload: Bool
    ) async throws -> Data {
        try await NIOThreadPool.singleton.runIfActive { [blobs = store.blobs] in
            let stored = try blobs.read(picture.blob)
            if let width, width < picture.width { return try Self.thumbnail(stored, width: width) }
            if width != nil { return try ImageBuffer(decoding: stored).encoded(as: .webp(quality: 90)) }
            if !isDownload, format.rawValue == picture.format { return stored }
            let encoding: ImageEncoding =
                switch format {
                case .png: .png
                case .jpeg: .jpeg(quality: 92)
                case .webp: .webp(quality: 92)
                }
            let image = try ImageBuffer(decoding: stored)
            return try (format == .jpeg ? image.flattened(on: .white) : image)
                .encoded(as: encoding, metadata: isDownload ? Self.metadata(of: picture) : [:])
        }
    }

    private static func thumbnail(_ bytes: Data, width: Int) throws -> Data {
        let image = try ImageBuffer(decoding: bytes)
        let height = max(1, image.height * width / image.width)
        return try image.resized(width: width, height: height).encoded(as: .webp(quality: 82))
    }

    /// What travels with a picture that is taken away: its words, and everything that draws it again.
    private static func metadata(of picture: Picture) -> [String: String] {
        var metadata = ["Software": "Limn"]
        if !picture.prompt.isEmpty { metadata["Description"] = picture.prompt }
        metadata["limn"] = picture.recipe
        return metadata
    }

    private static func name(of picture: Picture) -> String {
        let day = picture.created.formatted(.iso8601.year().month().day())
        return "limn-\(day)-\(picture.id.text.suffix(6))"
    }

    // MARK: Archives

    private struct Chosen: Decodable {
        var ids: [Picture.ID]
    }

    private func archive(_ pictures: [Picture]) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "application/zip", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"limn.zip\"",
            ],
            body: ResponseBody { [blobs = store.blobs] writer in
                var zip = ZipArchive()
                for picture in pictures {
                    let name = "\(Self.name(of: picture)).\(picture.format == "jpeg" ? "jpg" : picture.format)"
                    let data = try await NIOThreadPool.singleton.runIfActive { try blobs.read(picture.blob) }
                    try await writer.write(ByteBuffer(bytes: zip.add(name, data, date: picture.created)))
                }
                try await writer.write(ByteBuffer(bytes: zip.finish()))
                try await writer.finish(nil)
            })
    }
}

import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// The page's files, read and compressed once.
///
/// A digest of all of them stands in their addresses, so that a browser keeps them for good, and never mixes two
/// versions of the page.
struct StudioAssets: Sendable {
    private struct Asset: Sendable {
        var bytes: ByteBuffer
        var gzipped: ByteBuffer?
        var type: String
    }

    /// The first 16 hexadecimal digits of SHA-256 over all paths and contents.
    let digest: String
    private let assets: [String: Asset]
    /// The one HTML file for each of `pages/`: they differ in the modules that a browser shall fetch at once.
    private let pages: [String: Asset]

    private static let types = [
        "css": "text/css; charset=utf-8", "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "json": "application/json", "svg": "image/svg+xml", "webmanifest": "application/manifest+json",
    ]

    /// Only what this server sent, nothing inline: a picture's prompt that holds markup stays text.
    static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:",
        "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// The files that came with this build.
    static func bundled() throws(StudioAssetsError) -> StudioAssets {
        let beside = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: "limn_Server.resources/Web")
        let folder =
            if let beside, FileManager.default.fileExists(atPath: beside.path) { beside } else {
                Bundle.module.bundleURL.appending(path: "Web")
            }
        return try StudioAssets(folder: folder)
    }

    init(folder: URL) throws(StudioAssetsError) {
        var files: [String: [UInt8]] = [:]
        let root = folder.standardizedFileURL.path + "/"
        let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
        for case let file as URL in found ?? FileManager.DirectoryEnumerator() {
            guard Self.types[file.pathExtension] != nil, let data = try? Data(contentsOf: file) else { continue }
            files[String(file.standardizedFileURL.path.dropFirst(root.count))] = Array(data)
        }
        guard let index = files["index.html"] else { throw .missing }
        var hash = SHA256()
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Array(path.utf8))
            hash.update(data: bytes)
        }
        let digest = hash.finalize().prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        self.digest = digest
        pages = Self.pages(from: String(decoding: index, as: UTF8.self), files).mapValues { text in
            Self.asset("index.html", Array(text.replacing("/studio/", with: "/studio/\(digest)/").utf8))
        }
        files["index.html"] = nil
        assets = Dictionary(uniqueKeysWithValues: files.map { ($0.key, Self.asset($0.key, $0.value)) })
    }

    /// The HTML file once for each page, by the page's name, with a link to every module that the page needs.
    private static func pages(from index: String, _ files: [String: [UInt8]]) -> [String: String] {
        let modules = files.filter { $0.key.hasSuffix(".js") }.mapValues { String(decoding: $0, as: UTF8.self) }
        let graph = ModuleGraph(sources: modules)
        let paths = modules.keys.filter { $0.hasPrefix("pages/") }
        return Dictionary(
            uniqueKeysWithValues: paths.map { path in
                let links = graph.everything(from: ["app.js", path]).map {
                    "  <link rel=\"modulepreload\" href=\"/studio/\($0)\">\n"
                }
                let name = path.dropFirst("pages/".count).dropLast(".js".count)
                return (String(name), index.replacing("</head>", with: links.joined() + "</head>"))
            })
    }

    private static func asset(_ path: String, _ bytes: [UInt8]) -> Asset {
        let kind = path.split(separator: ".").last.map(String.init) ?? ""
        return Asset(
            bytes: ByteBuffer(bytes: bytes), gzipped: Gzip.compress(bytes).map { ByteBuffer(bytes: $0) },
            type: types[kind] ?? "application/octet-stream")
    }

    /// The HTML file that shows a page, by the name of its module in `pages/`.
    func page(_ name: String, for request: Request) -> Response {
        guard let page = pages[name] else { return Response(status: .notFound) }
        return answer(page, to: request, cache: "no-cache", tag: "\"\(digest)\"")
    }

    /// A file by its path below `/studio/DIGEST/`; nil where there is none.
    func file(_ path: String, for request: Request) -> Response? {
        assets[path].map { answer($0, to: request, cache: "public, max-age=31536000, immutable", tag: nil) }
    }

    private func answer(_ asset: Asset, to request: Request, cache: String, tag: String?) -> Response {
        var headers: HTTPFields = [
            .contentType: asset.type, .cacheControl: cache, .vary: "Accept-Encoding",
            .contentSecurityPolicy: Self.contentSecurityPolicy,
        ]
        headers[.xContentTypeOptions] = "nosniff"
        if let tag {
            headers[.eTag] = tag
            if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        }
        let acceptsGzip = request.headers[.acceptEncoding]?.contains("gzip") == true
        guard acceptsGzip, let gzipped = asset.gzipped else {
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: asset.bytes))
        }
        headers[.contentEncoding] = "gzip"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: gzipped))
    }
}

enum StudioAssetsError: Error, CustomStringConvertible {
    case missing

    var description: String {
        """
        the studio's files are missing. They lie in the folder limn_Server.resources beside the program; \
        copy that folder together with the program, or build anew
        """
    }
}

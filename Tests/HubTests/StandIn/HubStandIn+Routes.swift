import Foundation
import HTTPTypes
import HubCache
import Hummingbird
import NIOCore

extension HubStandIn {
    func hubRouter() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.get("/api/models/:owner/:name/revision/:revision") { [self] request, context in
            try api(request, context) { repository in
                var info: [String: Any] = [
                    "id": "\(repository.id)", "sha": repository.commit, "tags": ["diffusers"], "siblings": [Any](),
                ]
                if let license = repository.license { info["cardData"] = ["license": license] }
                return (info, nil)
            }
        }
        // Pages of three files, so that every listing has more than one.
        router.get("/api/models/:owner/:name/tree/:revision") { [self] request, context in
            let page = request.uri.queryParameters["cursor"].flatMap { Int($0) } ?? 0
            return try api(request, context) { repository in
                let paths = repository.files.keys.sorted()
                let entries = paths.dropFirst(page * 3).prefix(3).map { entry($0, repository) }
                let next = "<\(endpoint)\(request.uri.path)?recursive=true&cursor=\(page + 1)>; rel=\"next\""
                return (entries, (page + 1) * 3 < paths.count ? next : nil)
            }
        }
        router.get("/:owner/:name/resolve/:revision/**") { [self] request, context in resolve(request, context) }
        return router
    }

    func contentRouter() -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.get("/content/:owner/:name/**") { [self] request, context in
            let path = context.parameters.getCatchAll().joined(separator: "/")
            guard let data = repository(context)?.files[path] else { return Response(status: .notFound) }
            return send(data, path: path, request, server: "cdn")
        }
        return router
    }

    private func repository(_ context: BasicRequestContext) -> RepositoryStandIn? {
        let id = "\(context.parameters.get("owner") ?? "")/\(context.parameters.get("name") ?? "")"
        return repositories.first { "\($0.id)" == id }
    }

    private func entry(_ path: String, _ repository: RepositoryStandIn) -> [String: Any] {
        let data = repository.files[path] ?? Data()
        let digest = repository.digest(data).hexadecimal
        guard repository.isLarge(data) else {
            return ["type": "file", "path": path, "oid": digest, "size": data.count]
        }
        let lfs: [String: Any] = ["oid": digest, "size": data.count, "pointerSize": 130]
        return [
            "type": "file", "path": path, "oid": String(repeating: "0", count: 40), "size": data.count, "lfs": lfs,
        ]
    }

    private func api(
        _ request: Request, _ context: BasicRequestContext, _ body: (RepositoryStandIn) throws -> (Any, link: String?)
    ) throws -> Response {
        note(Self.entry(request, server: "hub"))
        if let refusal = refusal(request, context) { return refusal }
        guard let repository = repository(context) else { return Self.error(.notFound, "RepoNotFound") }
        if let revision = context.parameters.get("revision"), !["main", repository.commit].contains(revision) {
            return Self.error(.notFound, "RevisionNotFound")
        }
        let (value, link) = try body(repository)
        var headers: HTTPFields = [.contentType: "application/json"]
        headers[Self.link] = link
        let data = try JSONSerialization.data(withJSONObject: value)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }

    private func resolve(_ request: Request, _ context: BasicRequestContext) -> Response {
        let path = context.parameters.getCatchAll().joined(separator: "/")
        guard let repository = repository(context) else { return Self.error(.notFound, "RepoNotFound") }
        guard let data = repository.files[path] else { return Self.error(.notFound, "EntryNotFound") }
        if let refusal = refusal(request, context) { return refusal }
        let digest = "\"\(repository.digest(data))\""
        guard repository.isLarge(data) else {
            var answer = send(data, path: path, request, server: "hub")
            answer.headers[.eTag] = digest
            answer.headers[Self.repoCommit] = repository.commit
            return answer
        }
        note(Self.entry(request, server: "hub"))
        let address = "http://localhost:\(port("cdn"))/content/\(repository.id)/\(path)?signature=1"
        return Response(
            status: .found,
            headers: [
                .location: address, Self.linkedETag: digest, Self.linkedSize: "\(data.count)",
                Self.repoCommit: repository.commit,
            ])
    }

    /// What stands in the way of an answer.
    private func refusal(_ request: Request, _ context: BasicRequestContext) -> Response? {
        let token = state.withLock { $0.token }
        if let token, request.headers[.authorization] != "Bearer \(token)" {
            return Self.error(.unauthorized, request.headers[.authorization] == nil ? "RepoNotFound" : nil)
        }
        if repository(context)?.isGated == true { return Self.error(.forbidden, "GatedRepo") }
        switch nextFault("api") {
        case .status(let code, let headers):
            var fields = HTTPFields()
            for (name, value) in headers { fields[HTTPField.Name(name)!] = value }
            return Response(status: .init(code: code), headers: fields)
        case .redirect(let target): return Response(status: .temporaryRedirect, headers: [.location: target])
        default: return nil
        }
    }

    private func send(_ data: Data, path: String, _ request: Request, server: String) -> Response {
        let number = note(Self.entry(request, server: server))
        let fault = nextFault(path)
        if case .status(let code, _) = fault { return Response(status: .init(code: code)) }
        let isWhole = fault?.ignoresRanges ?? false
        let start = isWhole ? 0 : request.headers[.range].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0
        guard start < data.count else { return Response(status: .init(code: 416)) }
        var part = Data(data[start...])
        if case .corrupt = fault { part[part.count / 2] ^= 1 }
        var headers = HTTPFields()
        if start > 0 { headers[.contentRange] = "bytes \(start)-\(data.count - 1)/\(data.count)" }
        return Response(
            status: start > 0 ? .partialContent : .ok, headers: headers,
            body: .init(contentLength: part.count) { [self, part] writer in
                let end = min(part.count, fault?.end ?? part.count)
                for from in stride(from: 0, to: end, by: 16384) {
                    let piece = part[from..<min(from + 16384, end)]
                    try await writer.write(ByteBuffer(bytes: piece))
                    state.withLock { $0.requests[number].bytes += piece.count }
                }
                switch fault {
                case .cut: throw Cut()
                case .stall: try await Task.sleep(for: .seconds(3600))
                default: try await writer.finish(nil)
                }
            })
    }

    private struct Cut: Error {}

    private static func entry(_ request: Request, server: String) -> Entry {
        Entry(
            server: server, path: request.uri.path, authorization: request.headers[.authorization],
            range: request.headers[.range])
    }

    private static func error(_ status: HTTPResponse.Status, _ code: String?) -> Response {
        var headers = HTTPFields()
        headers[HTTPField.Name("X-Error-Code")!] = code
        return Response(status: status, headers: headers)
    }

    private static let link = HTTPField.Name("Link")!
    private static let repoCommit = HTTPField.Name("X-Repo-Commit")!
    private static let linkedETag = HTTPField.Name("X-Linked-Etag")!
    private static let linkedSize = HTTPField.Name("X-Linked-Size")!
}

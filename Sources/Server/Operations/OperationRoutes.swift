import Foundation
import HTTPTypes
import Hummingbird
import Service
import Store

/// What who runs the server asks: whether it lives, whether it can be used, how much it does, and what it takes.
struct OperationRoutes: Sendable {
    let store: any DataStore
    let jobs: Jobs
    let metrics: ServerMetrics
    let version: String

    func add(to router: some RouterMethods<ServerContext>) {
        router.get("/healthz") { _, _ in "ok" }
        router.get("/readyz") { _, _ in
            guard (try? await store.ping()) != nil else {
                throw APIError.unavailable("the data folder cannot be written", after: 10)
            }
            if let obstacle = await jobs.obstacle() { throw APIError.unavailable("\(obstacle)", after: 10) }
            return "ready"
        }
        router.get("/metrics") { _, _ in
            let load = await jobs.load()
            return Self.response(
                metrics.text(waiting: load.waiting, running: load.running), type: "text/plain; version=0.0.4")
        }
        let document = OpenAPIDocument(version: version).json
        router.get("/openapi.json") { _, _ in Self.response(document.text, type: "application/json") }
        let page = DocumentationPage(endpoints: Endpoint.all).html
        router.get("/docs") { _, _ in Self.response(page, type: "text/html; charset=utf-8") }
    }

    private static func response(_ text: String, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

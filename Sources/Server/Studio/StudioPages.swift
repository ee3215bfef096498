import HTTPTypes
import Hummingbird

/// The studio's page and its files: nothing here needs an account, since the page asks for one itself.
struct StudioPages: Sendable {
    /// The addresses that the page answers in the browser, and the module that shows each; keep them like
    /// `Web/base/router.js`.
    static let pages: KeyValuePairs = [
        "/": "create", "/history": "history", "/collections/:id": "history", "/pictures/:id": "picture",
        "/edit/:id": "edit", "/extend": "extend", "/blend": "blend", "/account": "account", "/admin": "admin",
        "/policy": "policy", "/sign-in": "sign-in", "/sign-up": "sign-in", "/s/:token": "shared",
    ]

    let assets: StudioAssets

    init() throws {
        assets = try StudioAssets.bundled()
    }

    /// Adds the pages last: an address that nothing before them knows, and that a person opened, shows a page too.
    func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
        let assets = assets
        _ = router.add(middleware: MissingPage(assets: assets))
        for (path, page) in Self.pages {
            router.get(RouterPath(path)) { request, _ in assets.page(page, for: request) }
        }
        router.get("/studio/:digest/**") { request, context in
            guard context.parameters.get("digest") == assets.digest,
                let file = assets.file(context.parameters.getCatchAll().joined(separator: "/"), for: request)
            else { throw HTTPError(.notFound) }
            return file
        }
    }
}

/// Shows a page for an address that is none, to whoever reads pages. Programs are told in JSON.
private struct MissingPage<Context: RequestContext>: RouterMiddleware {
    let assets: StudioAssets

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && Self.isReader(request) {
            var response = assets.page("missing", for: request)
            response.headers[.eTag] = nil
            response.status = .notFound
            return response
        }
    }

    private static func isReader(_ request: Request) -> Bool {
        let path = request.uri.path
        return request.method == .get && request.headers[.accept]?.contains("text/html") == true
            && !["/v1/", "/api/", "/files/"].contains { path.hasPrefix($0) }
    }
}

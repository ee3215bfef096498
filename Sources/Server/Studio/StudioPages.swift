import Hummingbird

/// The studio's page and its files: nothing here needs an account, since the page asks for one itself.
struct StudioPages: Sendable {
    /// The addresses that the page answers in the browser; keep them like `Web/base/router.js`.
    static let paths = [
        "/", "/history", "/collections/:id", "/pictures/:id", "/edit/:id", "/extend", "/blend", "/account", "/admin",
        "/policy", "/sign-in", "/sign-up", "/s/:token",
    ]

    let assets: StudioAssets

    init() throws {
        assets = try StudioAssets.bundled()
    }

    func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
        let assets = assets
        for path in Self.paths {
            router.get(RouterPath(path)) { request, _ in assets.page(for: request) }
        }
        router.get("/studio/:digest/**") { request, context in
            guard context.parameters.get("digest") == assets.digest,
                let file = assets.file(context.parameters.getCatchAll().joined(separator: "/"), for: request)
            else { throw HTTPError(.notFound) }
            return file
        }
    }
}

import ContentPolicy
import Hummingbird

/// What the content policy stops, for its page: `GET /api/policy`. Anyone may read it.
struct PolicyRoutes: Sendable {
    let policy: Policy

    private struct View: Encodable {
        struct Category: Encodable {
            var id: String
            var name: String
            var blocked: Bool
        }

        var categories: [Category]
        var languages: [String]
        var checks_pictures: Bool
    }

    func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
        router.get("/policy") { [policy] _, _ in
            let summary = policy.summary
            return try Response.json(
                View(
                    categories: summary.categories.map {
                        .init(id: $0.id.rawValue, name: $0.explanation, blocked: $0.blocked)
                    }, languages: summary.languages, checks_pictures: summary.checksPictures))
        }
    }
}

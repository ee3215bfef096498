import Foundation
import Hummingbird
import Service
import Store

/// Keys for programs. A key is told once, when it is made.
struct KeyRoutes: Sendable {
    let accounts: Accounts

    private struct View: Encodable {
        var id: APIKey.ID
        var name: String
        var scopes: [String]
        var created: Date
        var expires: Date?
        var last_used: Date?
        /// What may be shown of it.
        var prefix: String
        /// The key itself, in the answer that made it.
        var key: String?

        init(_ row: APIKey, secret: String? = nil) {
            id = row.id
            name = row.name
            scopes = row.scopes.map(\.rawValue).sorted()
            created = row.created
            expires = row.expires
            last_used = row.lastUsed
            prefix = row.hint
            key = secret
        }
    }

    private struct Wanted: Decodable {
        var name: String
        var scopes: Set<APIKey.Scope>?
        var expires_in_days: Int?
    }

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.get("/keys") { [accounts] _, context in
            try Response.json(["keys": try await accounts.keys(of: try context.user.id).map { View($0) }])
        }
        router.post("/keys") { [accounts] request, context in
            let user = try context.user
            let wanted = try await request.json(Wanted.self)
            if let days = wanted.expires_in_days, !(1...3650).contains(days) {
                throw StudioProblem(
                    .badRequest, "'expires_in_days' is a number from 1 to 3650", param: "expires_in_days")
            }
            let made = try await accounts.createKey(
                for: user.id, name: wanted.name, scopes: wanted.scopes ?? Set(APIKey.Scope.allCases),
                expires: wanted.expires_in_days.map { Date() + Double($0) * 86400 })
            return try Response.json(View(made.key, secret: made.secret), status: .created)
        }
        router.delete("/keys/:id") { [accounts] _, context in
            try await accounts.revokeKey(try context.id(), owner: try context.user.id)
            return Response.nothing
        }
    }
}

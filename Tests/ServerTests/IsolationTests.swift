import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Store
import Testing

@testable import Server

/// What is one account's does not exist for another. Driven by the routes themselves, so that none is forgotten.
@Suite("Isolation")
struct IsolationTests {
    /// Ids of things that Ann owns.
    private struct Belongings: Sendable {
        var job: Job.ID
        var picture: Picture.ID
        var collection: PictureCollection.ID
        var key: APIKey.ID
    }

    /// What a route with a parameter does for somebody else.
    private enum Rule: Sendable {
        /// It names a thing of one account: 404 for others.
        case owned(@Sendable (Belongings) -> String)
        /// For admins alone: 403.
        case admin
        /// Opens by what is in the address alone, or is everybody's.
        case open
    }

    private static let job = Rule.owned { $0.job.text }
    private static let picture = Rule.owned { $0.picture.text }
    private static let collection = Rule.owned { $0.collection.text }
    private static let key = Rule.owned { $0.key.text }

    /// Every route with a parameter. One that is missing here fails the test below.
    private static let rules: [String: Rule] = [
        "/v1/jobs/{id}": job, "/v1/jobs/{id}/events": job, "/api/jobs/{id}": job,
        "/api/pictures/{id}": picture, "/api/pictures/{id}/file": picture, "/api/pictures/{id}/share": picture,
        "/api/collections/{id}": collection, "/api/keys/{id}": key, "/api/admin/users/{id}": .admin,
        // Models are everybody's; a signature or a token opens the others; pages are the same for all.
        "/v1/models/{id}": .open, "/files/{name}": .open, "/api/shares/{token}": .open,
        "/api/shares/{token}/file": .open, "/studio/{digest}/**": .open, "/collections/{id}": .open,
        "/pictures/{id}": .open, "/edit/{id}": .open, "/s/{token}": .open,
    ]

    private static let bodies: [String: JSONValue] = [
        "PATCH /api/pictures/{id}": ["favourite": true], "PATCH /api/collections/{id}": ["name": "mine"],
        "PATCH /api/admin/users/{id}": ["admin": true],
    ]

    private static func routes(of server: TestServer) throws -> [(method: HTTPRequest.Method, path: String)] {
        try server.server.router().routes.map { ($0.method, $0.path.description) }
    }

    @Test func everyRouteWithAParameterHasARule() throws {
        let paths = Set(try Self.routes(of: TestServer()).map(\.path).filter { $0.contains("{") })
        #expect(paths == Set(Self.rules.keys))
    }

    /// The table that `/openapi.json` is made from has the routes of the API, all of them and no others.
    @Test func theDescriptionHasEveryRouteOfTheAPI() throws {
        let studio = ["/api", "/studio"] + StudioPages.pages.map { $0.key.replacing(/:(\w+)/) { "{\($0.1)}" } }
        let routes = try Self.routes(of: TestServer()).filter { route in
            // HEAD comes with each GET; signed files have no endpoint of their own to describe.
            route.method != .head && !route.path.hasPrefix("/files/")
                && !studio.contains { route.path == $0 || $0.count > 1 && route.path.hasPrefix($0 + "/") }
        }
        #expect(
            Set(routes.map { "\($0.method) \($0.path)" }) == Set(Endpoint.all.map { "\($0.method) \($0.path)" }))
    }

    @Test func whatIsAnothersIsNotFound() async throws {
        let server = try TestServer()
        _ = try await server.person("host")
        let (ann, bob) = (try await server.person("ann"), try await server.person("bob"))
        let routes = try Self.routes(of: server)
        try await server.test { client in
            let things = try await Self.belongings(of: ann, client)
            func ask(_ route: (method: HTTPRequest.Method, path: String), by person: TestServer.Person) async throws
                -> HTTPResponse.Status?
            {
                let path: String
                switch Self.rules[route.path] {
                case .owned(let id): path = route.path.replacing("{id}", with: id(things))
                case .admin: path = route.path.replacing("{id}", with: person.user.id.text)
                case .open, nil: return nil
                }
                let headers = route.path.hasPrefix("/v1/") ? person.withKey : person.withCookie
                let body = Self.bodies["\(route.method) \(route.path)"]
                return try await client.send(route.method, path, headers, body).status
            }
            for route in routes {
                guard let status = try await ask(route, by: bob) else { continue }
                let isAdmin = if case .admin = Self.rules[route.path] { true } else { false }
                #expect(status == (isAdmin ? .forbidden : .notFound), "\(route.method) \(route.path)")
            }
            // Nothing of it did anything, and the same for Ann herself is found. What removes comes last.
            for route in routes.sorted(by: { ($0.method == .delete ? 1 : 0) < ($1.method == .delete ? 1 : 0) }) {
                guard let status = try await ask(route, by: ann) else { continue }
                // With the picture its link goes.
                if route.path.hasSuffix("/share"), route.method == .delete { continue }
                let isAdmin = if case .admin = Self.rules[route.path] { true } else { false }
                #expect(isAdmin ? status == .forbidden : status.kind == .successful, "\(route.method) \(route.path)")
            }
        }
    }

    @Test func namesInABodyReachNothingOfOthers() async throws {
        let server = try TestServer()
        _ = try await server.person("host")
        let (ann, bob) = (try await server.person("ann"), try await server.person("bob"))
        try await server.test { client in
            let things = try await Self.belongings(of: ann, client)
            let picture = JSONValue.string(things.picture.text)
            func ask(_ path: String, _ body: JSONValue) async throws -> TestResponse {
                try await client.send(.post, "/api/\(path)", bob.withCookie, body)
            }
            for action in ["delete", "favourite", "unfavourite"] {
                let changed = try await ask("pictures/bulk", ["ids": [picture], "action": .string(action)])
                #expect(changed.json["changed"] == 0, "\(action)")
            }
            let collection = JSONValue.string(things.collection.text)
            let collected = try await ask(
                "pictures/bulk", ["ids": [picture], "action": "collect", "collection": collection])
            #expect(collected.status == .notFound)
            #expect(try await ask("pictures/search", ["collection": collection]).json["pictures"].count == 0)
            // An archive without files is 22 bytes.
            #expect(try await ask("pictures/zip", ["ids": [picture]]).body.readableBytes == 22)
            for body in Self.requests(with: picture) {
                #expect(try await ask("jobs", body).status == .notFound, "\(body["task"])")
            }
            let shown = try await client.send(.get, "/api/pictures/\(things.picture)", ann.withCookie)
            #expect(shown.status == .ok && shown.json["favourite"] == false)
        }
    }

    private static func requests(with picture: JSONValue) -> [JSONValue] {
        [
            ["task": "variation", "count": 1, "picture": picture],
            ["task": "inpaint", "count": 1, "prompt": "a fox", "picture": picture, "mask": picture],
            ["task": "blend", "count": 1, "sources": [["picture": picture], ["text": "a fox"]]],
        ]
    }

    /// Makes what Ann owns.
    private static func belongings(of ann: TestServer.Person, _ client: any TestClientProtocol) async throws
        -> Belongings
    {
        let job = try await client.send(
            .post, "/api/jobs", ann.withCookie, ["task": "text_to_image", "prompt": "a fox", "count": 1])
        var shown = job.json
        while ["queued", "running"].contains(shown["state"].string) {
            try await Task.sleep(for: .milliseconds(10))
            shown = try await client.send(.get, "/api/jobs/\(job.json["id"].string)", ann.withCookie).json
        }
        let collection = try await client.send(.post, "/api/collections", ann.withCookie, ["name": "foxes"])
        let key = try await client.send(.post, "/api/keys", ann.withCookie, ["name": "another"])
        return Belongings(
            job: try #require(Job.ID(shown["id"].string)),
            picture: try #require(Picture.ID(shown["pictures"][0]["id"].string)),
            collection: try #require(PictureCollection.ID(collection.json["id"].string)),
            key: try #require(APIKey.ID(key.json["id"].string)))
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Service
import Store
import Testing

@testable import Server

private let drawing: JSONValue = ["prompt": "a fox", "size": "256x256", "response_format": "b64_json"]
private let path = "/v1/images/generations"

/// Who may call, how often, and from where.
@Suite("Access to /v1")
struct AccessTests {
    /// Each endpoint that names a scope needs a key, and a key with it.
    @Test func everyEndpointThatNeedsAKeyRefusesOthers() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            for endpoint in Endpoint.all {
                guard let scope = endpoint.scope else { continue }
                let others = Set(APIKey.Scope.allCases).subtracting([scope])
                let key = try await server.server.accounts.createKey(for: ann.user.id, name: "test", scopes: others)
                let address = endpoint.path.replacing("{id}", with: "job_0")
                for (headers, status) in [
                    ([:], 401), ([.authorization: "Bearer li-no-key-of-this-server-at-all"], 401),
                    ([.authorization: "Basic abc"], 401), ([.authorization: "Bearer \(key.secret)"], 403),
                ] as [(HTTPFields, Int)] {
                    let response = try await client.send(endpoint.method, address, headers)
                    #expect(response.status.code == status, "\(endpoint.method) \(address)")
                    #expect(!response.text.contains("no-key-of-this"))
                    #expect(response.json["error"]["message"].string.isEmpty == false)
                }
            }
        }
    }

    @Test func aDisabledAccountAndARevokedKeyAreShutOut() async throws {
        let server = try TestServer()
        _ = try await server.person("host")
        let (ann, bob) = (try await server.person("ann"), try await server.person("bob"))
        try await server.test { client in
            let accounts = server.server.accounts
            _ = try await accounts.update(ann.user.id, UserChange(isDisabled: true))
            #expect(try await client.send(.get, "/v1/models", ann.withKey).status == .forbidden)
            let key = try #require(try await accounts.keys(of: bob.user.id).first)
            try await accounts.revokeKey(key.id, owner: bob.user.id)
            #expect(try await client.send(.get, "/v1/models", bob.withKey).status == .unauthorized)
        }
    }

    @Test func otherMethodsAndAddressesAreTold() async throws {
        let server = try TestServer()
        try await server.test { client in
            let method = try await client.send(.get, path)
            #expect(method.status == .methodNotAllowed)
            #expect(method.json["error"]["message"] == "Not allowed to GET on /v1/images/generations.")
            let address = try await client.send(.post, "/v1/pictures", [:], drawing)
            #expect(address.status == .notFound && address.json["error"]["code"] == "unknown_url")
        }
    }

    // MARK: Limits

    @Test func moreThanTheMinuteHoldsIsRefusedAndChargesNothing() async throws {
        let server = try TestServer { $0.limits.imagesPerMinute = 2 }
        let ann = try await server.person("ann")
        try await server.test { client in
            func ask(_ count: Int) async throws -> TestResponse {
                guard case .object(var body) = drawing else { return try await client.send(.get, "/healthz") }
                body["n"] = .integer(count)
                return try await client.send(.post, path, ann.withKey, .object(body))
            }
            // More than any minute ever holds: waiting does not help.
            let never = try await ask(3)
            #expect(never.status == .tooManyRequests && never.header("x-should-retry") == "false")
            #expect(try await ask(2).status == .ok)
            let later = try await ask(1)
            #expect(later.status == .tooManyRequests && later.header("x-should-retry") == nil)
            #expect(later.json["error"]["type"] == "requests")
            #expect(later.json["error"]["code"] == "rate_limit_exceeded")
            #expect((1...60).contains(try #require(Int(later.headers[.retryAfter] ?? ""))))
        }
    }

    @Test func theQuotaOfTheMonthIsNotWorthARetry() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        _ = try await server.server.accounts.update(ann.user.id, UserChange(limits: AccountLimits(imagesPerMonth: 1)))
        try await server.test { client in
            #expect(try await client.send(.post, path, ann.withKey, drawing).status == .ok)
            let refused = try await client.send(.post, path, ann.withKey, drawing)
            #expect(refused.status == .tooManyRequests && refused.header("x-should-retry") == "false")
            #expect(refused.json["error"]["code"] == "insufficient_quota")
            #expect(refused.json["error"]["type"] == "insufficient_quota")
        }
    }

    @Test func aRefusedPromptCounts() async throws {
        let server = try TestServer { $0.limits.imagesPerMinute = 1 }
        let ann = try await server.person("ann")
        try await server.test { client in
            let refused = try await client.send(.post, path, ann.withKey, ["prompt": "a decapitated man"])
            #expect(refused.status == .badRequest)
            #expect(refused.json["error"]["code"] == "content_policy_violation")
            #expect(try await client.send(.post, path, ann.withKey, drawing).status == .tooManyRequests)
        }
    }

    // MARK: Asking again

    @Test func anIdempotencyKeyGivesTheSameAnswer() async throws {
        let server = try TestServer()
        _ = try await server.person("host")
        let (ann, bob) = (try await server.person("ann"), try await server.person("bob"))
        try await server.test { client in
            func ask(_ person: TestServer.Person, _ body: JSONValue) async throws -> TestResponse {
                var headers = person.withKey
                headers[.idempotencyKey] = "a-key"
                return try await client.send(.post, path, headers, body)
            }
            let first = try await ask(ann, drawing)
            let again = try await ask(ann, drawing)
            #expect(again.json["data"] == first.json["data"])
            #expect(again.header("x-ratelimit-remaining-images") == "49")
            let other = try await ask(ann, ["prompt": "an owl"])
            #expect(other.status == .unprocessableContent)
            #expect(other.json["error"]["code"] == "idempotency_conflict")
            // Another account's key of the same name is another key.
            #expect(try await ask(bob, drawing).json["data"] != first.json["data"])
        }
    }

    @Test func onlyARetryJoins() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            func ask(_ retries: Int) async throws -> JSONValue {
                var headers = ann.withKey
                headers[.retryCount] = "\(retries)"
                return try await client.send(.post, path, headers, drawing).json["data"]
            }
            let first = try await ask(0)
            #expect(try await ask(1) == first)
            #expect(try await ask(0) != first)
        }
    }

    // MARK: Other sites

    @Test func onlySitesThatWereNamedMayCall() async throws {
        let server = try TestServer { $0.origins = ["https://example.org"] }
        try await server.test { client in
            func preflight(_ path: String, _ origin: String) async throws -> TestResponse {
                try await client.send(
                    .options, path, [.origin: origin, .accessControlRequestMethod: "POST"])
            }
            let allowed = try await preflight(path, "https://example.org")
            #expect(allowed.status == .noContent)
            #expect(allowed.headers[.accessControlAllowOrigin] == "https://example.org")
            #expect(allowed.headers[.accessControlAllowHeaders]?.contains("Authorization") == true)
            #expect(allowed.headers[.vary] == "Origin")
            let elsewhere = try await preflight(path, "https://elsewhere.example")
            let studio = try await preflight("/api/jobs", "https://example.org")
            for refused in [elsewhere, studio] {
                #expect(refused.headers[.accessControlAllowOrigin] == nil && refused.status != .noContent)
            }
        }
    }

    @Test func aSessionWithoutItsTokenChangesNothing() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            var headers = ann.withCookie
            let drawn = try await client.send(.post, path, headers, drawing)
            headers[.csrf] = nil
            let refused = try await client.send(.post, path, headers, drawing)
            #expect(drawn.status == .ok && refused.status == .forbidden)
        }
    }

    // MARK: Operations

    @Test func aServerIsReadyWhileItCanDraw() async throws {
        let server = try TestServer()
        let router = try server.server.router()
        try await server.test { client in
            let (ready, healthy) = (try await client.send(.get, "/readyz"), try await client.send(.get, "/healthz"))
            #expect(ready.status == .ok && healthy.text == "ok")
        }
        // It was shut down after the test.
        try await Application(router: router).test(.router) { client in
            let response = try await client.send(.get, "/readyz")
            #expect(response.status == .serviceUnavailable && response.headers[.retryAfter] != nil)
            #expect(try await client.send(.get, "/healthz").status == .ok)
        }
    }
}

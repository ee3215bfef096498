import ContentPolicy
import Foundation
import HTTPTypes
import HummingbirdTesting
import Imaging
import Synchronization
import Testing

@testable import Server

/// Blocks pictures of a role, the first ones of them that it sees.
private final class Blocking: PicturePolicy {
    let name = "blocking"
    let checksPictures = true
    private let role: PictureRole
    private let left: Mutex<Int>

    init(_ role: PictureRole, first count: Int = .max) {
        self.role = role
        left = Mutex(count)
    }

    func decide(_ picture: ImageBuffer, as role: PictureRole) -> Decision {
        guard role == self.role, left.withLock({ left in left > 0 ? (left -= 1, true).1 : false }) else {
            return .allowed
        }
        return Decision(verdict: .blocked, rules: ["too-red"], category: .violenceGraphic)
    }
}

@Suite("Pictures that the policy stops")
struct ScreeningTests {
    private static func ask(
        _ policy: Blocking, _ fields: [String: JSONValue] = [:]
    ) async throws -> TestResponse {
        let server = try TestServer(pictures: policy)
        let ann = try await server.person("ann")
        let body: [String: JSONValue] = ["prompt": "a fox", "size": "256x256", "n": 3]
        return try await server.test { client in
            try await client.send(
                .post, "/v1/images/generations", ann.withKey, .object(body.merging(fields) { $1 }))
        }
    }

    @Test func itsSiblingsComeBack() async throws {
        let response = try await Self.ask(Blocking(.output, first: 1))
        #expect(response.status == .ok)
        #expect(response.json["data"].count == 2 && response.json["filtered"] == 1)
    }

    @Test func whereAllAreStoppedTheRequestIsRefused() async throws {
        let response = try await Self.ask(Blocking(.output))
        #expect(response.status == .badRequest && response.json["error"]["code"] == "content_policy_violation")
    }

    @Test func noUnfinishedStateOfThemIsShown() async throws {
        let response = try await Self.ask(Blocking(.output), ["stream": true, "partial_images": 3])
        #expect(!response.text.contains("partial_image") && response.text.contains("content_policy_violation"))
    }

    @Test func aPictureThatIsSentIsLookedAt() async throws {
        let server = try TestServer(pictures: Blocking(.upload))
        let ann = try await server.person("ann")
        try await server.test { client in
            let file = try ImageBuffer(width: 64, height: 64, color: .white).encoded(as: .png)
            let form = TestForm(files: [("image", file)])
            let response = try await client.post("/v1/images/variations", ann.withKey, form)
            #expect(response.status == .badRequest && response.json["error"]["code"] == "content_policy_violation")
        }
    }
}

import Foundation
import HTTPTypes
import HummingbirdTesting
import Imaging
import Store
import Testing

@testable import Server

private let path = "/v1/images/generations"

/// A small request, and what it says otherwise.
private func wish(_ fields: [String: JSONValue] = [:]) -> JSONValue {
    let standard: [String: JSONValue] = ["prompt": "a fox", "size": "256x256", "response_format": "b64_json"]
    return .object(standard.merging(fields) { $1 })
}

@Suite("POST /v1/images/generations")
struct GenerationTests {
    @Test func picturesComeAsFilesWithTheirSeeds() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            let response = try await client.send(.post, path, ann.withKey, wish(["n": 3, "seed": 7]))
            #expect(response.status == .ok)
            let data = response.json["data"]
            #expect((0..<3).map { data[$0]["seed"] } == [7, 8, 9])
            let files = try (0..<data.count).map {
                try ImageBuffer(decoding: #require(Data(base64Encoded: data[$0]["b64_json"].string)))
            }
            #expect(files.count == 3 && files.allSatisfy { $0.width == 256 && $0.height == 256 })
            #expect(Set(files).count == 3)
            let again = try await client.send(.post, path, ann.withKey, wish(["seed": 8]))
            #expect(again.json["data"][0]["b64_json"] == data[1]["b64_json"])
        }
    }

    @Test func anAddressOpensUntilItIsChanged() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            let response = try await client.send(.post, path, ann.withKey, ["prompt": "a fox"])
            let address = response.json["data"][0]["url"].string
            #expect(address.hasPrefix("http://localhost/files/pic_"))
            let file = String(address.dropFirst("http://localhost".count))
            let picture = try await client.send(.get, file)
            #expect(picture.status == .ok && picture.headers[.contentType] == "image/png")
            #expect(picture.header("X-Content-Type-Options") == "nosniff")
            #expect(try ImageBuffer(decoding: Data(buffer: picture.body)).width == 1024)
            let later = file.replacing("exp=", with: "exp=9")
            for other in [later, file + "x", String(file.prefix { $0 != "?" })] {
                #expect(try await client.send(.get, other).status == .forbidden)
            }
        }
    }

    @Test func headersTellOfTheRequestAndTheLimits() async throws {
        let server = try TestServer { $0.limits.imagesPerMinute = 5 }
        let ann = try await server.person("ann")
        try await server.test { client in
            var headers = ann.withKey
            headers[HTTPField.Name("OpenAI-Organization")!] = "org-of-nobody"
            let response = try await client.send(.post, path, headers, wish(["n": 2]))
            let expected = [
                "openai-version": "2020-10-01", "x-ratelimit-limit-images": "5", "x-ratelimit-remaining-images": "3",
                "x-ratelimit-reset-requests": "1s", "x-ratelimit-limit-requests": "100",
                "x-ratelimit-remaining-requests": "100", "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
            ]
            for (name, value) in expected { #expect(response.header(name) == value, "\(name)") }
            #expect(response.header("x-request-id")?.isEmpty == false)
            #expect(Int(response.header("openai-processing-ms") ?? "") != nil)
            #expect(response.header("x-ratelimit-reset-images")?.wholeMatch(of: /1m0s|\d{1,2}s/) != nil)
        }
    }

    private static let wrong: [(fields: [String: JSONValue], message: String, param: String?)] =
        [
            (["size": "300x300"], "'300x300' is not one of ['256x256', '512x512', '1024x1024'] - 'size'", "size"),
            (["n": 15], "15 is greater than the maximum of 10 - 'n'", "n"),
            (["n": 0], "0 is less than the minimum of 1 - 'n'", "n"),
            (["n": "2"], "the given value is not of type 'integer' - 'n'", "n"),
            (["x": 1], "Additional properties are not allowed ('x' was unexpected)", nil),
            (["prompt": .null], "null is not of type 'string' - 'prompt'", "prompt"),
            (["partial_images": 4], "4 is greater than the maximum of 3 - 'partial_images'", "partial_images"),
            (
                ["background": "transparent"], "'transparent' is not one of ['auto', 'opaque'] - 'background'",
                "background"
            ),
            (["seed": -1], "-1 is less than the minimum of 0 - 'seed'", "seed"),
        ]

    @Test func aWrongFieldIsNamed() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            for (fields, message, param) in Self.wrong {
                let response = try await client.send(.post, path, ann.withKey, wish(fields))
                #expect(response.status == .badRequest)
                let expected: JSONValue = [
                    "error": [
                        "message": .string(message), "type": "invalid_request_error", "param": .optional(param),
                        "code": .null,
                    ]
                ]
                #expect(response.json == expected)
            }
        }
    }

    @Test func aPromptIsNeverEchoed() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            let long = String(repeating: "zanzibar ", count: 120)
            for prompt: JSONValue in [.string(long), "zanzibar pornography"] {
                let response = try await client.send(.post, path, ann.withKey, wish(["prompt": prompt]))
                #expect(response.status == .badRequest && !response.text.contains("zanzibar"))
            }
            #expect(!(try await client.send(.get, "/metrics").text.contains("zanzibar")))
        }
    }

    @Test func aFailureOfTheEngineIsAServerError() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            let response = try await client.send(.post, path, ann.withKey, wish(["prompt": "fail please"]))
            #expect(response.status == .internalServerError && response.json["error"]["type"] == "server_error")
            #expect(response.json["error"]["param"] == .null && response.json["error"]["code"] == .null)
        }
    }

    @Test func modelsAreListedAndOthersAreNotFound() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            let models = try await client.send(.get, "/v1/models", ann.withKey).json
            #expect(models["object"] == "list" && models["data"][0]["id"] == "dall-e-2")
            #expect(models["data"][1]["id"] == "fake-mini" && models["data"][1]["object"] == "model")
            #expect(try await client.send(.get, "/v1/models/fake-mini", ann.withKey).status == .ok)
            let drawn = try await client.send(.post, path, ann.withKey, wish(["model": "no-such-model"]))
            let told = try await client.send(.get, "/v1/models/no-such-model", ann.withKey)
            for response in [drawn, told] {
                #expect(response.status == .notFound && response.json["error"]["code"] == "model_not_found")
            }
        }
    }
}

@Suite("Streams of /v1")
struct StreamTests {
    private struct Event {
        var name: String
        var data: JSONValue
    }

    private func events(_ response: TestResponse) throws -> [Event] {
        try response.text.split(separator: "\n\n").filter { !$0.hasPrefix(":") }.map { block in
            let lines = block.split(separator: "\n")
            #expect(lines.count == 2 && lines[0].hasPrefix("event: ") && lines[1].hasPrefix("data: "))
            return Event(
                name: String(lines[0].dropFirst(7)),
                data: try JSONDecoder().decode(JSONValue.self, from: Data(lines[1].dropFirst(6).utf8)))
        }
    }

    @Test func unfinishedPicturesComeFirstAndEachFinishedOnce() async throws {
        let server = try TestServer(stepTime: .milliseconds(20))
        let ann = try await server.person("ann")
        try await server.test { client in
            var headers = ann.withKey
            headers[.accept] = "application/json"
            let response = try await client.send(
                .post, path, headers, wish(["stream": true, "partial_images": 2, "n": 2]))
            #expect(response.status == .ok && response.headers[.contentType] == "text/event-stream")
            #expect(response.header("X-Accel-Buffering") == "no")
            let events = try events(response)
            #expect(events.allSatisfy { $0.data["type"].string == $0.name })
            let partial = events.filter { $0.name == "image_generation.partial_image" }
            #expect(partial.count <= 4 && partial.allSatisfy { [0, 1].contains($0.data["partial_image_index"]) })
            let done = events.filter { $0.name == "image_generation.completed" }
            #expect(done.count == 2 && done.count + partial.count == events.count)
            for event in done {
                #expect(event.data["size"] == "256x256" && event.data["output_format"] == "png")
                #expect(event.data["quality"] == "auto" && event.data["background"] == "opaque")
                let usage = event.data["usage"]
                #expect(usage["total_tokens"] == 3 && usage["input_tokens"] == 2 && usage["output_tokens"] == 1)
                #expect(usage["input_tokens_details"] == ["text_tokens": 2, "image_tokens": 0])
                let file = try #require(Data(base64Encoded: event.data["b64_json"].string))
                #expect(try ImageBuffer(decoding: file).width == 256)
            }
        }
    }

    @Test func aFailureIsAnEvent() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            let response = try await client.send(
                .post, path, ann.withKey, wish(["stream": true, "prompt": "fail please"]))
            let events = try events(response)
            #expect(response.status == .ok && events.count == 1)
            #expect(events.first?.data["error"]["type"] == "server_error")
        }
    }

    @Test func whatIsRefusedIsRefusedBeforeTheStream() async throws {
        let server = try TestServer()
        let ann = try await server.person("ann")
        try await server.test { client in
            let response = try await client.send(.post, path, ann.withKey, wish(["stream": true, "n": 11]))
            #expect(response.status == .badRequest && response.headers[.contentType] == "application/json")
        }
    }

    @Test func aJobIsTakenAtOnceAndFollowed() async throws {
        let server = try TestServer(stepTime: .milliseconds(5))
        let ann = try await server.person("ann")
        try await server.test { client in
            var headers = ann.withKey
            headers[.prefer] = "respond-async"
            let taken = try await client.send(.post, path, headers, wish())
            #expect(taken.status == .accepted)
            let location = try #require(taken.headers[.location])
            #expect(location == "/v1/jobs/\(taken.json["id"].string)")
            let told = try await client.send(.get, location + "/events", ann.withKey).text
            #expect(told.contains("event: picture\n") && told.contains("\"status\":\"succeeded\""))
            let last = try #require(told.matches(of: /id: (\S+)/).last?.1)
            var after = ann.withKey
            after[HTTPField.Name("Last-Event-ID")!] = String(last)
            #expect(try await client.send(.get, location + "/events", after).text.isEmpty)
            let job = try await client.send(.get, location, ann.withKey).json
            #expect(job["status"] == "succeeded" && job["data"].count == 1 && job["progress"] == 1)
        }
    }

    @Test func aJobIsCancelled() async throws {
        let server = try TestServer(stepTime: .seconds(60))
        let ann = try await server.person("ann")
        try await server.test { client in
            var headers = ann.withKey
            headers[.prefer] = "respond-async"
            let location = try #require(try await client.send(.post, path, headers, wish()).headers[.location])
            let ended = try await client.send(.delete, location, ann.withKey)
            #expect(ended.status == .ok && ended.json["status"] == "cancelled")
        }
    }
}

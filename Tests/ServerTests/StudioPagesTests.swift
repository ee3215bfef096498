import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Server

@Suite struct StudioPagesTests {
    private func app() throws -> some ApplicationProtocol {
        let router = Router()
        try StudioPages().add(to: router)
        return Application(responder: router.buildResponder())
    }

    @Test(arguments: ["/", "/history", "/pictures/pic_1", "/edit/pic_1", "/s/token"])
    func everyAddressShowsThePage(path: String) async throws {
        try await app().test(.router) { client in
            try await client.execute(uri: path, method: .get) { response in
                #expect(response.status == .ok)
                #expect(response.headers[.contentType] == "text/html; charset=utf-8")
                let policy = try #require(response.headers[.contentSecurityPolicy])
                #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
            }
        }
    }

    @Test func aPageThatDidNotChangeIsNotSentAgain() async throws {
        try await app().test(.router) { client in
            let tag = try await client.execute(uri: "/", method: .get) { try #require($0.headers[.eTag]) }
            try await client.execute(uri: "/", method: .get, headers: [.ifNoneMatch: tag]) { response in
                #expect(response.status == .notModified)
                #expect(response.body.readableBytes == 0)
            }
        }
    }

    @Test func filesAreCompressedAndKeptForGood() async throws {
        let digest = try StudioAssets.bundled().digest
        try await app().test(.router) { client in
            let uri = "/studio/\(digest)/app.js"
            try await client.execute(uri: uri, method: .get, headers: [.acceptEncoding: "gzip, br"]) { response in
                #expect(response.headers[.contentEncoding] == "gzip")
                #expect(response.headers[.cacheControl]?.contains("immutable") == true)
            }
            try await client.execute(uri: uri, method: .get) { response in
                #expect(response.headers[.contentEncoding] == nil)
                #expect(String(buffer: response.body).contains("import"))
            }
        }
    }

    @Test(arguments: ["/studio/0000000000000000/app.js", "/studio/DIGEST/none.js", "/studio/DIGEST/../Gzip.swift"])
    func otherFilesAreNotFound(path: String) async throws {
        let digest = try StudioAssets.bundled().digest
        try await app().test(.router) { client in
            try await client.execute(uri: path.replacing("DIGEST", with: digest), method: .get) { response in
                #expect(response.status == .notFound)
            }
        }
    }

    /// The browser's table of addresses and the server's name the same ones.
    @Test func bothSidesKnowTheSameAddresses() throws {
        let source = try String(contentsOf: webFolder().appending(path: "base/router.js"), encoding: .utf8)
        let browser = source.matches(of: /\["(\/[^"]*)", \(\) =>/).map { String($0.1) }
        let names = /:\w+/
        #expect(
            browser.map { $0.replacing(names, with: ":") } == StudioPages.paths.map { $0.replacing(names, with: ":") })
    }

    /// Every language has every message, with the same places for values.
    @Test func languagesHaveTheSameMessages() throws {
        let folder = try webFolder().appending(path: "messages")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.count >= 5)
        let english = try messages(folder.appending(path: "en.json"))
        for file in files {
            let other = try messages(file)
            #expect(Set(other.keys) == Set(english.keys), "\(file.lastPathComponent)")
            for (key, places) in english { #expect(other[key] == places, "\(file.lastPathComponent): \(key)") }
        }
    }

    private func webFolder() throws -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Server/Studio/Web")
    }

    /// The names in braces of every message; of the plural forms, those of "other".
    private func messages(_ file: URL) throws -> [String: Set<String>] {
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        let all = try #require(object as? [String: Any])
        return try all.mapValues { value in
            let text = try #require(value as? String ?? (value as? [String: String])?["other"])
            return Set(text.matches(of: /\{(\w+)\}/).map { String($0.1) })
        }
    }
}

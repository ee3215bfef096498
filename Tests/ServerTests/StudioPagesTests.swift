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

    /// The browser's table of addresses and the server's name the same ones, and the same modules for them.
    @Test func bothSidesKnowTheSameAddresses() throws {
        let source = try String(contentsOf: webFolder().appending(path: "base/router.js"), encoding: .utf8)
        let browser = source.matches(of: /\["(\/[^"]*)", \(\) => import\("..\/pages\/([^"]+).js"\)/)
        let parameter = /:\w+/
        func line(_ path: some StringProtocol, _ module: some StringProtocol) -> String {
            "\(String(path).replacing(parameter, with: ":")) \(module)"
        }
        #expect(browser.map { line($0.1, $0.2) } == StudioPages.pages.map { line($0.key, $0.value) })
    }

    /// A page names every module that it needs: the browser fetches them at once.
    @Test(arguments: [("/", "create"), ("/edit/pic_1", "edit"), ("/s/token", "shared")])
    func aPageNamesItsModules(path: String, name: String) async throws {
        let digest = try StudioAssets.bundled().digest
        try await app().test(.router) { client in
            let html = try await client.execute(uri: path, method: .get) { String(buffer: $0.body) }
            let links = html.matches(of: /rel="modulepreload" href="\/studio\/[0-9a-f]{16}\/([^"]+)"/)
            let named = links.map { String($0.1) }
            #expect(named.count == Set(named).count)
            #expect(Set(["app.js", "base/dom.js", "pages/\(name).js"]).isSubset(of: named))
            // All that is named is there, and imports nothing that is not named.
            for module in named {
                let source = try await client.execute(uri: "/studio/\(digest)/\(module)", method: .get) { response in
                    #expect(response.status == .ok, "\(module)")
                    return String(buffer: response.body)
                }
                for imported in source.matches(of: /from "[.\/]*([^"]+)"/).map({ String($0.1) }) {
                    #expect(named.contains { $0.hasSuffix(imported) }, "\(module) imports \(imported)")
                }
            }
        }
    }

    @Test func anAddressThatIsNoneShowsAPageToPeople() async throws {
        try await app().test(.router) { client in
            try await client.execute(uri: "/nowhere", method: .get, headers: [.accept: "text/html,*/*"]) { response in
                #expect(response.status == .notFound)
                #expect(String(buffer: response.body).contains("pages/missing.js"))
            }
            try await client.execute(uri: "/nowhere", method: .get, headers: [.accept: "*/*"]) { response in
                #expect(response.status == .notFound)
                #expect(response.headers[.contentType]?.hasPrefix("text/html") != true)
            }
        }
    }

    @Test func modulesAreFoundThroughOthers() {
        let graph = ModuleGraph(sources: [
            "app.js": "import { a } from \"./base/a.js\";\nconst later = () => import(\"./pages/late.js\");\n",
            "base/a.js": "import \"../parts/b.js\";\nimport {\n  c,\n} from \"./c.js\";\n",
            "base/c.js": "import { a } from \"./a.js\";\n", "parts/b.js": "", "pages/late.js": "",
        ])
        #expect(graph.everything(from: ["app.js"]) == ["app.js", "base/a.js", "parts/b.js", "base/c.js"])
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

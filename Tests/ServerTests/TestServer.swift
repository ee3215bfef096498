import ContentPolicy
import FakeEngine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Service
import Store

@testable import Server

/// A server with the fake engine in a folder of its own, which goes with it. It is asked without a socket.
final class TestServer: Sendable {
    /// An account with a key, and signed in to the studio.
    struct Person: Sendable {
        var user: User
        var key: String
        var session: SignedIn
        var csrf: String

        var withKey: HTTPFields { [.authorization: "Bearer \(key)"] }

        /// As the studio's page asks.
        var withCookie: HTTPFields {
            [
                .cookie: "\(StudioSessions.cookie)=\(session.token ?? "")", .csrf: csrf,
                .contentType: "application/json",
            ]
        }
    }

    let folder = FileManager.default.temporaryDirectory.appending(path: "limn-server-\(UUID().uuidString)")
    let server: LimnServer

    init(
        stepTime: Duration = .zero, pictures: any PicturePolicy = UncheckedPictures(),
        _ change: (inout ServerOptions) -> Void = { _ in }
    ) throws {
        var options = ServerOptions(host: "127.0.0.1", port: 0, folder: folder, version: "test")
        change(&options)
        var engine = FakeImageGenerator.Options()
        engine.stepTime = stepTime
        server = try LimnServer(
            options: options, engines: [Engine(name: "fake", generator: FakeImageGenerator(engine))],
            policy: .standard(pictures: pictures), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The first one of a server is its admin.
    func person(_ name: String) async throws -> Person {
        let accounts = server.accounts
        let invitation = try await accounts.invite(email: nil, role: .member, by: nil)
        let signedIn = try await accounts.signUp(
            email: "\(name)@example.org", password: "correct horse", invitation: invitation, from: name)
        let key = try await accounts.createKey(for: signedIn.user.id, name: "test")
        let sessions = StudioSessions(accounts: accounts, key: server.secrets.key(for: "csrf"), isSecure: false)
        return Person(
            user: signedIn.user, key: key.secret, session: signedIn, csrf: sessions.token(for: signedIn.session))
    }

    /// Runs a test while the server draws.
    func test<Value>(_ body: @Sendable (any TestClientProtocol) async throws -> Value) async throws -> Value {
        try await server.jobs.start()
        let value = try await Application(router: server.router()).test(.router, body)
        await server.jobs.shutDown(within: .seconds(5))
        return value
    }
}

extension TestClientProtocol {
    /// Sends JSON.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:], _ body: JSONValue? = nil
    ) async throws -> TestResponse {
        var headers = headers
        if body != nil { headers[.contentType] = "application/json" }
        return try await execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(data: $0.data) })
    }

    /// Sends a form.
    func post(_ path: String, _ headers: HTTPFields, _ form: TestForm) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = "multipart/form-data; boundary=\(form.boundary)"
        return try await execute(uri: path, method: .post, headers: headers, body: ByteBuffer(bytes: form.bytes))
    }
}

/// A form as clients send it.
struct TestForm: Sendable {
    var boundary = "a-boundary"
    var fields: [(name: String, value: String)] = []
    var files: [(name: String, data: Data)] = []

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func head(_ disposition: String) {
            bytes += "--\(boundary)\r\nContent-Disposition: \(disposition)\r\n\r\n".utf8
        }
        for field in fields {
            head("form-data; name=\"\(field.name)\"")
            bytes += "\(field.value)\r\n".utf8
        }
        for file in files {
            head("form-data; name=\"\(file.name)\"; filename=\"a.png\"")
            bytes += file.data + Array("\r\n".utf8)
        }
        return bytes + "--\(boundary)--\r\n".utf8
    }
}

extension JSONValue {
    subscript(_ key: String) -> JSONValue {
        guard case .object(let object) = self else { return .null }
        return object[key] ?? .null
    }

    subscript(_ index: Int) -> JSONValue {
        guard case .array(let array) = self, array.indices.contains(index) else { return .null }
        return array[index]
    }

    var count: Int { if case .array(let array) = self { array.count } else { 0 } }

    var string: String { if case .string(let text) = self { text } else { "" } }
}

extension TestResponse {
    var json: JSONValue { (try? JSONDecoder().decode(JSONValue.self, from: Data(buffer: body))) ?? .null }

    var text: String { String(buffer: body) }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}

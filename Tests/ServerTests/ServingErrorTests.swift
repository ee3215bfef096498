import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import Server

@Suite struct ServingErrorTests {
    @Test func aTakenPortIsToldWithItsAddress() async throws {
        let other = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(other.localAddress?.port)
        let server = try TestServer { $0.port = port }
        await #expect(throws: ServingError.taken(address: "127.0.0.1:\(port)")) {
            try await server.server.run { _ in }
        }
        try await other.close()
    }

    @Test func filesThatHoldNoCertificateAreToldByTheirOption() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "limn-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = folder.appending(path: "text.pem")
        try Data("no certificate\n".utf8).write(to: text)
        for file in [text.path, folder.appending(path: "missing.pem").path] {
            #expect(throws: ServingError.unreadableCertificate) {
                try TLSCertificate(chain: file, key: file).configuration()
            }
        }
    }
}

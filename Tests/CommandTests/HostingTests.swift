import Foundation
import Testing

/// The commands beside a server: accounts, keys, and the doctor.
@Suite(.serialized)
final class HostingTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "limn-hosting-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func limn(_ arguments: String..., input: String = "") throws -> Program.Outcome {
        try Program.run(arguments + ["--data", folder.appending(path: "data").path], in: folder, input: input)
    }

    private struct Account: Decodable, Equatable {
        var email: String
        var role: String
        var disabled: Bool
        var images_per_minute: Int?
    }

    private func accounts() throws -> [Account] {
        let outcome = try limn("users", "list", "--json")
        return try JSONDecoder().decode([Account].self, from: Data(outcome.output.utf8))
            .sorted { $0.email < $1.email }
    }

    @Test func accountsAreAddedChangedAndRemoved() throws {
        let host = try limn("users", "add", "host@example.org", input: "correct horse\n")
        #expect(host.status == 0 && host.output == "host@example.org  admin\n")
        #expect(try limn("users", "add", "Bob@Example.org", "--keys-only").output == "bob@example.org  member\n")
        #expect(try limn("users", "add", "bob@example.org", "--keys-only").status == 64)

        let limits = try limn("users", "limits", "bob@example.org", "--images-per-minute", "7", "--active-jobs", "3")
        #expect(limits.output == "images-per-minute  7\nimages-per-month  default\nactive-jobs  3\n")
        let reset = try limn("users", "limits", "bob@example.org", "--active-jobs", "default")
        #expect(reset.output.contains("images-per-minute  7") && reset.output.contains("active-jobs  default"))
        #expect(try limn("users", "limits", "bob@example.org", "--active-jobs", "-1").status == 64)

        #expect(try limn("users", "disable", "bob@example.org").status == 0)
        #expect(try limn("users", "role", "bob@example.org", "admin").status == 0)
        let bob = Account(email: "bob@example.org", role: "admin", disabled: true, images_per_minute: 7)
        #expect(try accounts().first == bob)
        #expect(try limn("users", "enable", "bob@example.org").status == 0)
        #expect(try accounts().map(\.disabled) == [false, false])

        // Somebody must remain who can administer the server.
        #expect(try limn("users", "remove", "bob@example.org").status == 64)
        #expect(try limn("users", "remove", "bob@example.org", input: "bob@example.org\n").status == 0)
        #expect(try limn("users", "remove", "host@example.org", "--yes").errors.contains("the last admin"))
        #expect(try accounts().map(\.email) == ["host@example.org"])
        #expect(try limn("users", "disable", "nobody@example.org").status == 66)
    }

    @Test func passwordsAreReadAndChecked() throws {
        #expect(try limn("users", "add", "ann@example.org", input: "short\n").errors.contains("8 to 256 characters"))
        #expect(try limn("users", "add", "ann@example.org").errors.contains("no password was given"))
        #expect(try accounts().isEmpty)
        #expect(try limn("users", "add", "ann@example.org", input: "correct horse\n").status == 0)
        #expect(try limn("users", "password", "ann@example.org", input: "battery staple\n").status == 0)
        #expect(try limn("users", "password", "ann@example.org", input: "short\n").status == 64)
    }

    @Test func anInvitationIsALink() throws {
        let link = try limn("users", "invite", "--address", "https://draw.example.org/")
        #expect(link.status == 0)
        #expect(link.output.hasPrefix("https://draw.example.org/sign-up#invitation="))
    }

    @Test func aKeyOfANewAccountSaysHowToSignIn() throws {
        let made = try limn("keys", "create", "--user", "ann@example.org")
        #expect(made.status == 0 && made.output.hasPrefix("li-") && made.output.split(separator: "\n").count == 1)
        #expect(made.errors.contains("an admin") && made.errors.contains("limn users password ann@example.org"))
        #expect(try limn("keys", "create", "--user", "ann@example.org", "--scopes", "models").errors.isEmpty)
        let keys = try limn("keys", "list", "--user", "ann@example.org").output.split(separator: "\n")
        #expect(keys.count == 2 && keys[0].contains("  models  ") && keys[1].contains("images,jobs,models,moderations"))
        let id = String(keys[0].prefix { $0 != " " })
        #expect(try limn("keys", "revoke", id, "--user", "ann@example.org").status == 0)
        #expect(try limn("keys", "list", "--user", "ann@example.org").output.split(separator: "\n").count == 1)
        #expect(try limn("keys", "revoke", id, "--user", "ann@example.org").status == 66)
    }

    @Test func theDoctorFindsAndMends() throws {
        #expect(try limn("doctor").status == 64)
        #expect(try limn("users", "add", "ann@example.org", "--keys-only").status == 0)
        #expect(try limn("doctor").status == 0)
        let name = "ab" + String(repeating: "0", count: 30)
        let stray = folder.appending(path: "data/blobs/ab/\(name)")
        try FileManager.default.createDirectory(
            at: stray.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("stray".utf8).write(to: stray)
        let found = try limn("doctor")
        #expect(found.status == 1 && found.output.hasPrefix("stray_blob  \(name)"))
        #expect(try limn("doctor", "--repair").status == 0)
        #expect(!FileManager.default.fileExists(atPath: stray.path))
        let clean = try limn("doctor")
        #expect(clean.status == 0 && clean.output.isEmpty)
    }
}

import Foundation
import Testing

@Suite struct AccountCommandTests {
    private func limn(_ arguments: String..., in folder: URL) throws -> Program.Outcome {
        try Program.run(arguments + ["--data", folder.appending(path: "data").path], in: folder)
    }

    @Test func `A key is printed alone, listed without its secret, and revoked`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "limn-accounts-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }

        let made = try limn("keys", "create", "--user", "Ann@example.org", "--name", "laptop", in: folder)
        #expect(made.status == 0 && made.output.hasPrefix("li-") && made.output.split(separator: "\n").count == 1)

        let listed = try limn("keys", "list", "--user", "ann@example.org", in: folder).output
        #expect(listed.contains("laptop") && !listed.contains(made.output.dropLast()))

        #expect(try limn("users", "set", "ann@example.org", "--images-per-minute", "7", in: folder).status == 0)
        // The first account of a store is its admin.
        #expect(try limn("users", "list", in: folder).output == "ann@example.org  admin  7 images a minute\n")

        let id = String(listed.prefix { $0 != " " })
        #expect(try limn("keys", "revoke", id, "--user", "ann@example.org", in: folder).status == 0)
        #expect(try limn("keys", "list", "--user", "ann@example.org", in: folder).output.isEmpty)
        #expect(try limn("keys", "list", "--user", "bob@example.org", in: folder).status == 66)
        #expect(try limn("keys", "create", "--user", "nobody", in: folder).status == 64)
    }
}

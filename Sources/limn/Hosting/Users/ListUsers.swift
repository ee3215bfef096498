import ArgumentParser
import Foundation
import Service
import Store

struct ListUsers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the accounts, the newest first.")

    @Option(help: "Only addresses that contain this.")
    var search = ""

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var folder: DataFolder

    private struct Line: Encodable {
        var email: String
        var role: String
        var disabled: Bool
        var created: String
        var imagesPerMinute: Int?
        var imagesPerMonth: Int?
        var activeJobs: Int?

        init(_ user: User) {
            email = user.email
            role = user.role.rawValue
            disabled = user.isDisabled
            created = user.created.formatted(.iso8601)
            imagesPerMinute = user.limits.imagesPerMinute
            imagesPerMonth = user.limits.imagesPerMonth
            activeJobs = user.limits.activeJobs
        }

        var text: String { "\(email)  \(disabled ? "disabled" : role)  since \(created)" }
    }

    func run() async throws {
        try await reporting(json: json) {
            let accounts = try folder.accounts()
            var lines: [Line] = []
            var cursor: Cursor?
            repeat {
                let page = try await accounts.users(search: search, after: cursor, limit: 200)
                lines += page.elements.map(Line.init)
                cursor = page.next
            } while cursor != nil
            if json { Terminal.output.json(lines) } else { lines.forEach { Terminal.output.line($0.text) } }
        }
    }
}

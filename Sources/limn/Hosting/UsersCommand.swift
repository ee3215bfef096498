import ArgumentParser
import Foundation
import Service
import Store

struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "List and change the accounts of a server.",
        discussion: """
            Works while the server runs; what is changed counts from its next request on.

            EXAMPLES
              limn users list
              limn users set ann@example.org --images-per-minute 10 --images-per-month 1000
              limn users set ann@example.org --admin
              limn users set ann@example.org --disabled
            """,
        subcommands: [List.self, Change.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts, the newest first.")

        @Option(help: "Only addresses that contain this.")
        var search = ""

        @OptionGroup var folder: DataFolder

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try folder.accounts()
                var cursor: Cursor?
                repeat {
                    let page = try await accounts.users(search: search, after: cursor, limit: 200)
                    for user in page.elements {
                        let state = user.isDisabled ? "disabled" : user.role.rawValue
                        Terminal.output.line("\(user.email)  \(state)  since \(user.created.formatted(.iso8601))")
                    }
                    cursor = page.next
                } while cursor != nil
            }
        }
    }

    struct Change: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "set", abstract: "Change an account's limits or role, or disable it.")

        @Argument(help: "The account's e-mail address.")
        var email: String

        @Option(help: "How many pictures it may ask for in any minute.")
        var imagesPerMinute: Int?

        @Option(help: "How many pictures it may ask for in a calendar month.")
        var imagesPerMonth: Int?

        @Option(help: "How many of its jobs may wait or run at once.")
        var activeJobs: Int?

        @Flag(inversion: .prefixedNo, help: "Whether it may administer the server.")
        var admin: Bool?

        @Flag(inversion: .prefixedNo, help: "Whether it is shut out.")
        var disabled: Bool?

        @OptionGroup var folder: DataFolder

        func validate() throws {
            if let wrong = [imagesPerMinute, imagesPerMonth, activeJobs].compactMap(\.self).first(where: { $0 < 0 }) {
                throw ValidationError("a limit is \(wrong); expected 0 or more")
            }
        }

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try folder.accounts()
                let user = try await accounts.known(email)
                var limits = user.limits
                limits.imagesPerMinute = imagesPerMinute ?? limits.imagesPerMinute
                limits.imagesPerMonth = imagesPerMonth ?? limits.imagesPerMonth
                limits.activeJobs = activeJobs ?? limits.activeJobs
                _ = try await accounts.update(
                    user.id,
                    UserChange(role: admin.map { $0 ? .admin : .member }, isDisabled: disabled, limits: limits))
            }
        }
    }
}

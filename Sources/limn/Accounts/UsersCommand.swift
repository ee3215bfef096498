import ArgumentParser
import Foundation
import Service
import Store

struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users",
        abstract: "List the server's accounts, and change their limits.",
        discussion: """
            EXAMPLES
              limn users list
              limn users set ann@example.org --images-per-minute 200 --images-per-month 10000
              limn users set ann@example.org --disabled true
              limn users set ann@example.org --admin true
            """,
        subcommands: [List.self, Set.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts, newest first.")

        @Option(help: "Only addresses that contain this.")
        var search = ""

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try data.accounts()
                var cursor: Cursor?
                repeat {
                    let page = try await accounts.users(search: search, after: cursor, limit: 200)
                    page.elements.forEach { Terminal.output.line(Self.line($0)) }
                    cursor = page.next
                } while cursor != nil
            }
        }

        private static func line(_ user: User) -> String {
            let limits = [
                user.limits.imagesPerMinute.map { "\($0) images a minute" },
                user.limits.imagesPerMonth.map { "\($0) images a month" },
            ]
            let notes = [user.role == .admin ? "admin" : nil, user.isDisabled ? "disabled" : nil] + limits
            return ([user.email] + notes.compactMap(\.self)).joined(separator: "  ")
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change an account; what is not named stays as it is.",
            discussion: "A running server goes by it from the next request on.")

        @Argument(help: "The account's e-mail address.")
        var email: String

        @Option(help: "Images in any 60 seconds.")
        var imagesPerMinute: Int?

        @Option(help: "Images in a calendar month.")
        var imagesPerMonth: Int?

        @Option(help: "Jobs that may wait or run at once.")
        var activeJobs: Int?

        @Option(help: ArgumentHelp("Whether it may administer the server.", valueName: "true|false"))
        var admin: Bool?

        @Option(help: ArgumentHelp("Whether it is shut out.", valueName: "true|false"))
        var disabled: Bool?

        @OptionGroup var data: DataOptions

        func validate() throws {
            guard [imagesPerMinute, imagesPerMonth, activeJobs].allSatisfy({ $0 ?? 0 >= 0 }) else {
                throw ValidationError("a limit is 0 or more")
            }
        }

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try data.accounts()
                let user = try await accounts.known(email)
                var limits = user.limits
                limits.imagesPerMinute = imagesPerMinute ?? limits.imagesPerMinute
                limits.imagesPerMonth = imagesPerMonth ?? limits.imagesPerMonth
                limits.activeJobs = activeJobs ?? limits.activeJobs
                let role = admin.map { $0 ? User.Role.admin : .member }
                _ = try await accounts.update(user.id, UserChange(role: role, isDisabled: disabled, limits: limits))
            }
        }
    }
}

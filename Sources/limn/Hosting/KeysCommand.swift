import ArgumentParser
import Foundation
import Service
import Store

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make, list and revoke keys of the API.",
        discussion: """
            EXAMPLES
              limn keys create --user ann@example.org           prints the key, which is shown this once
              limn keys create --user ann@example.org --scopes models,jobs
              limn keys list --user ann@example.org
              limn keys revoke key_5xj2… --user ann@example.org
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key, and the account too where it is new; print the key alone.")

        @Option(help: ArgumentHelp("The account's e-mail address.", valueName: "e-mail"))
        var user: String

        @Option(help: "A name to know the key by.")
        var name = "command line"

        @Option(
            help: "What the key allows, with commas: \(APIKey.Scope.allCases.map(\.rawValue).joined(separator: ", ")).")
        var scopes: String?

        @Option(help: ArgumentHelp("The key is good for so long.", valueName: "days"))
        var expiresIn: Int?

        @OptionGroup var folder: DataFolder

        func validate() throws {
            if let days = expiresIn, !(1...36_500).contains(days) {
                throw ValidationError("--expires-in is \(days); expected 1 to 36500 days")
            }
            _ = try allowed()
        }

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try folder.accounts()
                let account = try await account(in: accounts)
                let key = try await accounts.createKey(
                    for: account.id, name: name, scopes: try allowed(),
                    expires: expiresIn.map { Date() + Double($0) * 86_400 })
                Terminal.output.line(key.secret)
            }
        }

        private func account(in accounts: Accounts) async throws -> User {
            if let known = try await accounts.user(email: user) { return known }
            let new = try await accounts.create(email: user, password: nil)
            let kind = new.role == .admin ? "the first one, so an admin" : "a member"
            Terminal.error.line(
                "limn: made the account \(new.email), \(kind), without a password. "
                    + "To sign in to the studio with it: limn users password \(new.email)")
            return new
        }

        private func allowed() throws -> Set<APIKey.Scope> {
            guard let scopes else { return Set(APIKey.Scope.allCases) }
            return try Set(
                scopes.split(separator: ",").map { name in
                    guard let scope = APIKey.Scope(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
                        throw ValidationError(
                            "there is no scope '\(name)'; the scopes are "
                                + APIKey.Scope.allCases.map(\.rawValue).joined(separator: ", "))
                    }
                    return scope
                })
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List an account's keys, without the keys themselves.")

        @Option(help: ArgumentHelp("The account's e-mail address.", valueName: "e-mail"))
        var user: String

        @OptionGroup var folder: DataFolder

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try folder.accounts()
                for key in try await accounts.keys(of: accounts.known(user).id) {
                    let scopes = key.scopes.map(\.rawValue).sorted().joined(separator: ",")
                    let used = key.lastUsed.map { "used \($0.formatted(.iso8601))" } ?? "never used"
                    Terminal.output.line("\(key.id)  \(key.hint)  \(scopes)  \(used)  \(key.name)")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key useless from now on.")

        @Argument(help: "The key's id, as 'limn keys list' shows it.")
        var id: String

        @Option(help: ArgumentHelp("The account's e-mail address.", valueName: "e-mail"))
        var user: String

        @OptionGroup var folder: DataFolder

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try folder.accounts()
                guard let key = APIKey.ID(id) else { throw AccountError.notFound }
                try await accounts.revokeKey(key, owner: accounts.known(user).id)
            }
        }
    }
}

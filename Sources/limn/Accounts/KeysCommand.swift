import ArgumentParser
import Foundation
import Service
import Store

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, list and revoke the keys that programs show the server.",
        discussion: """
            A key is shown once, when it is made; the server keeps its hash. A running server takes new keys at once.

            EXAMPLES
              limn keys create --user ann@example.org            prints the key alone; makes the account if it is new
              limn keys create --user ann@example.org --name laptop --days 90
              limn keys list --user ann@example.org
              limn keys revoke key_… --user ann@example.org
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and print it, alone, on standard output.")

        @Option(
            help: ArgumentHelp(
                "Whose key. An account that is not there is made; it has no password.", valueName: "email"))
        var user: String

        @Option(help: "What the key is called in lists.")
        var name = "command line"

        @Option(help: "What it may be used for: images, jobs, models, moderations, with commas; without it all.")
        var scopes: String?

        @Option(help: "After how many days it ends; without it never.")
        var days: Int?

        @OptionGroup var data: DataOptions

        func validate() throws { _ = try allowed() }

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try data.accounts()
                let owner: User
                if let known = try await accounts.user(email: user) {
                    owner = known
                } else {
                    owner = try await accounts.create(email: user, password: nil)
                }
                let expires = days.map { Date.now + Double($0) * 86400 }
                let key = try await accounts.createKey(for: owner.id, name: name, scopes: allowed(), expires: expires)
                Terminal.output.line(key.secret)
            }
        }

        private func allowed() throws -> Set<APIKey.Scope> {
            guard let scopes else { return Set(APIKey.Scope.allCases) }
            return Set(
                try scopes.split(separator: ",").map { name in
                    guard let scope = APIKey.Scope(rawValue: String(name)) else {
                        let known = APIKey.Scope.allCases.map(\.rawValue).joined(separator: ", ")
                        throw ValidationError("'\(name)' is no scope; expected \(known)")
                    }
                    return scope
                })
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List an account's keys, newest first.")

        @Option(help: ArgumentHelp("Whose keys.", valueName: "email"))
        var user: String

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try data.accounts()
                for key in try await accounts.keys(of: try await accounts.known(user).id) {
                    let end = key.expires.map { "until \($0.formatted(.iso8601))" } ?? "without end"
                    Terminal.output.line("\(key.id.text)  \(key.hint)  \(end)  \(key.name)")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a key: it opens nothing from then on.")

        @Argument(help: "The key's id, as `limn keys list` tells it.")
        var id: String

        @Option(help: ArgumentHelp("Whose key.", valueName: "email"))
        var user: String

        @OptionGroup var data: DataOptions

        func run() async throws {
            try await reporting(json: false) {
                let accounts = try data.accounts()
                guard let key = APIKey.ID(id) else { throw AccountError.notFound }
                try await accounts.revokeKey(key, owner: try await accounts.known(user).id)
            }
        }
    }
}

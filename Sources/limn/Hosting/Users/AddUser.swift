import ArgumentParser
import Server
import Service
import Store

struct AddUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make an account; the first one of a server is an admin.")

    @OptionGroup var account: AccountArgument

    @Flag(help: "It may administer the server.")
    var admin = false

    @Flag(help: "Without a password: it cannot sign in to the studio, but can have keys.")
    var keysOnly = false

    @OptionGroup var folder: DataFolder

    func run() async throws {
        try await reporting(json: false) {
            let accounts = try folder.accounts()
            let password = keysOnly ? nil : try PasswordPrompt.new(for: account.email)
            let user = try await accounts.create(
                email: account.email, password: password, role: admin ? .admin : .member)
            Terminal.output.line("\(user.email)  \(user.role.rawValue)")
        }
    }
}

struct InviteUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite", abstract: "Print a link with which somebody makes an account, within a week.")

    @Argument(help: ArgumentHelp("The only address that may use it. (default: any)", valueName: "e-mail"))
    var email: String?

    @Flag(help: "The account may administer the server.")
    var admin = false

    @Option(help: ArgumentHelp("The server's address, as browsers see it.", valueName: "address"))
    var address = "http://127.0.0.1:8080"

    @OptionGroup var folder: DataFolder

    func run() async throws {
        try await reporting(json: false) {
            let token = try await folder.accounts().invite(email: email, role: admin ? .admin : .member, by: nil)
            let site = address.hasSuffix("/") ? String(address.dropLast()) : address
            Terminal.output.line("\(site)\(LimnServer.signUpPath(invitation: token))")
        }
    }
}

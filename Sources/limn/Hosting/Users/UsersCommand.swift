import ArgumentParser

struct UsersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "Add, list, limit and remove the accounts of a server.",
        discussion: """
            Works while the server runs; what is changed counts from its next request on. Passwords are asked for, or read \
            from the first line of standard input; they are never arguments, which other users of the machine can see.

            EXAMPLES
              limn users list
              limn users add ann@example.org                 asks for a password
              limn users add bot@example.org --keys-only     signs in nowhere, but can have keys
              limn users invite bob@example.org              prints a link with which Bob makes his account
              limn users limits ann@example.org --images-per-minute 10 --images-per-month 1000
              limn users limits ann@example.org --images-per-month default
              limn users role ann@example.org admin
              limn users password ann@example.org            sets another one, and signs Ann out everywhere
              limn users disable ann@example.org
              limn users remove ann@example.org --yes        with all pictures, keys and jobs
            """,
        subcommands: [
            ListUsers.self, AddUser.self, InviteUser.self, LimitUser.self, SetRole.self, SetPassword.self,
            DisableUser.self, EnableUser.self, RemoveUser.self,
        ])
}

/// The argument that names an account.
struct AccountArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The account's e-mail address.", valueName: "e-mail"))
    var email: String
}

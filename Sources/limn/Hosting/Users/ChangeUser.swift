import ArgumentParser
import Service
import Store

/// A limit as it is written: a number, or `default` for what the server gives everybody.
enum LimitArgument: ExpressibleByArgument {
    case number(Int)
    case standard

    init?(argument: String) {
        if argument == "default" {
            self = .standard
        } else if let number = Int(argument), number >= 0 {
            self = .number(number)
        } else {
            return nil
        }
    }

    var value: Int? {
        switch self {
        case .number(let number): number
        case .standard: nil
        }
    }
}

struct LimitUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits", abstract: "Show an account's limits, or change those that are named.",
        discussion: "A limit is a number from 0, or 'default' for what 'limn serve' gives everybody.")

    @OptionGroup var account: AccountArgument

    @Option(help: ArgumentHelp("How many pictures it may ask for in any minute.", valueName: "n"))
    var imagesPerMinute: LimitArgument?

    @Option(help: ArgumentHelp("How many pictures it may ask for in a calendar month (UTC).", valueName: "n"))
    var imagesPerMonth: LimitArgument?

    @Option(help: ArgumentHelp("How many of its jobs may wait or run at once.", valueName: "n"))
    var activeJobs: LimitArgument?

    @OptionGroup var folder: DataFolder

    func run() async throws {
        try await reporting(json: false) {
            let accounts = try folder.accounts()
            var user = try await accounts.known(account.email)
            var limits = user.limits
            if let imagesPerMinute { limits.imagesPerMinute = imagesPerMinute.value }
            if let imagesPerMonth { limits.imagesPerMonth = imagesPerMonth.value }
            if let activeJobs { limits.activeJobs = activeJobs.value }
            if limits != user.limits { user = try await accounts.update(user.id, UserChange(limits: limits)) }
            for (name, limit) in [
                ("images-per-minute", user.limits.imagesPerMinute), ("images-per-month", user.limits.imagesPerMonth),
                ("active-jobs", user.limits.activeJobs),
            ] { Terminal.output.line("\(name)  \(limit.map(String.init) ?? "default")") }
        }
    }
}

extension User.Role: ExpressibleByArgument {}

struct SetRole: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Let an account administer the server, or no longer.")

    @OptionGroup var account: AccountArgument

    @Argument(help: "admin or member.")
    var role: User.Role

    @OptionGroup var folder: DataFolder

    func run() async throws { try await folder.change(account.email, UserChange(role: role)) }
}

struct DisableUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Shut an account out: its keys fail, and it is signed out everywhere.")

    @OptionGroup var account: AccountArgument
    @OptionGroup var folder: DataFolder

    func run() async throws { try await folder.change(account.email, UserChange(isDisabled: true)) }
}

struct EnableUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let an account in again that was disabled.")

    @OptionGroup var account: AccountArgument
    @OptionGroup var folder: DataFolder

    func run() async throws { try await folder.change(account.email, UserChange(isDisabled: false)) }
}

extension DataFolder {
    fileprivate func change(_ email: String, _ change: UserChange) async throws {
        try await reporting(json: false) {
            let accounts = try accounts()
            _ = try await accounts.update(accounts.known(email).id, change)
        }
    }
}

struct SetPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set an account's password, and sign it out everywhere.")

    @OptionGroup var account: AccountArgument
    @OptionGroup var folder: DataFolder

    func run() async throws {
        try await reporting(json: false) {
            let accounts = try folder.accounts()
            let user = try await accounts.known(account.email)
            try await accounts.setPassword(of: user.id, to: PasswordPrompt.new(for: user.email))
        }
    }
}

struct RemoveUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an account with all its pictures, keys and jobs.")

    @OptionGroup var account: AccountArgument

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var folder: DataFolder

    func run() async throws {
        try await reporting(json: false) {
            let accounts = try folder.accounts()
            let user = try await accounts.known(account.email)
            guard yes || Self.isSure(user.email) else {
                throw ValidationError("nothing was removed; answer with the address, or say --yes")
            }
            try await accounts.remove(user.id)
        }
    }

    private static func isSure(_ email: String) -> Bool {
        Terminal.error.write("Write \(email) to remove it with all its pictures: ")
        return readLine() == email
    }
}

import ArgumentParser
import Foundation
import Service
import Store

/// The option of the commands that work on a server's data, while it runs or not.
struct DataFolder: ParsableArguments {
    @Option(help: ArgumentHelp("The server's data folder. (default: ~/.local/share/limn)", valueName: "folder"))
    var data: String?

    var url: URL {
        if let data { return URL(filePath: (data as NSString).expandingTildeInPath) }
        let root =
            ProcessInfo.processInfo.environment["XDG_DATA_HOME"].map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share")
        return root.appending(path: "limn")
    }

    func accounts() throws -> Accounts { try Accounts(store: SQLiteStore(folder: url, use: .visitor)) }
}

extension DataFolder {
    /// - Throws: `ValidationError` where no server has kept anything yet.
    func requireData() throws {
        guard FileManager.default.fileExists(atPath: url.appending(path: "limn.sqlite").path) else {
            throw ValidationError("there is no server's data in \(url.path); name its folder with --data")
        }
    }
}

extension Accounts {
    /// - Throws: `AccountError.notFound`.
    func known(_ email: String) async throws -> User {
        guard let user = try await user(email: email) else { throw AccountError.notFound }
        return user
    }
}

import ArgumentParser
import Foundation
import Service
import Store

/// Where a server keeps its data. Commands may work on it while the server runs.
struct DataOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The data folder; ~/.local/share/limn where nothing is said.", valueName: "folder"))
    var data: String?

    var folder: URL {
        if let data { return URL(filePath: (data as NSString).expandingTildeInPath) }
        let root =
            ProcessInfo.processInfo.environment["XDG_DATA_HOME"].map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share")
        return root.appending(path: "limn")
    }

    func accounts() throws -> Accounts {
        try Accounts(store: SQLiteStore(folder: folder, use: .visitor))
    }
}

extension Accounts {
    /// - Throws: `AccountError.notFound`, `.invalidEmail`.
    func known(_ email: String) async throws -> User {
        guard let user = try await user(email: email) else { throw AccountError.notFound }
        return user
    }
}

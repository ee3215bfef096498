import FakeEngine
import Foundation
import Logging
import Service
import Store

/// A small server without HTTP, for being killed: `crash-driver FOLDER load` asks for pictures without end and says each
/// job that was accepted; `crash-driver FOLDER drain` draws what waits and ends.
@main
struct CrashDriver {
    static func main() async throws {
        let folder = URL(filePath: CommandLine.arguments[1])
        let store = try SQLiteStore(folder: folder, use: .server)
        var options = FakeImageGenerator.Options()
        options.size = 64
        options.stepTime = .milliseconds(2)
        let engine = Engine(name: "fake", generator: FakeImageGenerator(options), batchLimit: 8)
        let limits = Limits(
            store: store, defaults: LimitDefaults(imagesPerMinute: 1_000_000, activeJobs: 1_000_000))
        let jobs = Jobs(
            store: store, engines: [engine], limits: limits, folder: folder, logger: Logger(label: "crash-driver"))
        let users = try await users(store)
        try await jobs.start()
        if CommandLine.arguments[2] == "load" {
            await withTaskGroup(of: Void.self) { group in
                for user in users { group.addTask { await load(jobs, user) } }
            }
        } else {
            while try await !store.activeJobs(of: nil).isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            await jobs.shutDown(within: .seconds(5))
        }
    }

    private static func users(_ store: SQLiteStore) async throws -> [User] {
        // Nobody signs in here, so that no password has to cost anything.
        var options = Accounts.Options()
        options.passwordCost = Password.Cost(logRounds: 1, blockSize: 8, parallelism: 1)
        let accounts = try Accounts(store: store, options: options)
        var users: [User] = []
        for number in 0..<4 {
            let email = "user\(number)@example.org"
            if let user = try await accounts.user(email: email) {
                users.append(user)
            } else {
                users.append(try await accounts.create(email: email, password: nil))
            }
        }
        return users
    }

    private static func load(_ jobs: Jobs, _ user: User) async {
        var number = 0
        while true {
            number += 1
            var request = JobRequest(.textToImage, prompt: "picture \(number)", count: 1 + number % 3)
            request.size = "64x64"
            let draft = JobDraft(
                user: user, source: .studio, request: request, isDetached: true,
                digest: Data("\(UUID())".utf8))
            if let accepted = try? await jobs.submit(draft) {
                // Straight to the reader: what was said is said, whatever comes.
                let line = "\(accepted.job.id) \(user.id) \(accepted.job.count)\n"
                _ = line.withCString { write(1, $0, strlen($0)) }
            }
            while await jobs.load().waiting > 20 { try? await Task.sleep(for: .milliseconds(5)) }
        }
    }
}

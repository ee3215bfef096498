import FakeEngine
import Foundation
import Logging
import Store
import Synchronization

@testable import Service

/// A clock that tests move.
final class TestClock: Sendable {
    private let date = Mutex(Date(milliseconds: 1_800_000_000_000))

    var clock: WallClock { WallClock { self.date.withLock { $0 } } }

    func advance(_ seconds: TimeInterval) { date.withLock { $0 += seconds } }
}

/// A service in a folder of its own, which goes with it.
final class TestService {
    let folder = FileManager.default.temporaryDirectory.appending(path: "limn-service-\(UUID().uuidString)")
    let store: SQLiteStore
    let accounts: Accounts
    let limits: Limits
    let jobs: Jobs
    let ann: User
    let bob: User

    init(
        clock: WallClock = .system, stepTime: Duration = .zero, defaults: LimitDefaults = LimitDefaults(),
        options: JobOptions = JobOptions(), screen: (any PictureScreen)? = nil
    ) async throws {
        store = try SQLiteStore(folder: folder, use: .server)
        var account = Accounts.Options()
        account.passwordCost = Password.Cost(logRounds: 4, blockSize: 8, parallelism: 1)
        accounts = try Accounts(store: store, options: account, clock: clock)
        limits = Limits(store: store, defaults: defaults, clock: clock)
        var engine = FakeImageGenerator.Options()
        engine.size = 64
        engine.stepTime = stepTime
        jobs = Jobs(
            store: store, engines: [Engine(name: "fake", generator: FakeImageGenerator(engine))], limits: limits,
            screen: screen, folder: folder, options: options, clock: clock, logger: Logger(label: "test"))
        ann = try await accounts.create(email: "ann@example.org", password: "correct horse")
        bob = try await accounts.create(email: "bob@example.org", password: nil)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func draft(
        _ prompt: String = "a fox", of user: User? = nil, count: Int = 1, isDetached: Bool = true,
        body: String = UUID().uuidString, retries: Int? = nil, decisions: [PolicyDecision] = []
    ) -> JobDraft {
        var request = JobRequest(.textToImage, prompt: prompt, count: count)
        request.previews = 1
        return JobDraft(
            user: user ?? ann, source: .api, request: request, isDetached: isDetached, digest: Data(body.utf8),
            retries: retries, decisions: decisions)
    }
}

import ContentPolicy
import Crypto
import Foundation
import Hummingbird
import Imaging
import Service
import Store

/// The web page that people draw with, and everything that it asks for: `/`, `/studio` and `/api`.
public struct Studio: Sendable {
    let store: any DataStore
    let jobs: Jobs
    let accounts: Accounts
    let limits: Limits
    let policy: Policy
    let sessions: StudioSessions
    let folder: URL
    let version: String

    /// - Parameters:
    ///   - folder: the data folder, whose disk the host's page tells of.
    ///   - isSecure: whether browsers reach the server by TLS; then they send cookies by it alone.
    public init(
        store: any DataStore, jobs: Jobs, accounts: Accounts, limits: Limits, policy: Policy, secrets: Secrets,
        folder: URL, version: String, isSecure: Bool
    ) {
        self.store = store
        self.jobs = jobs
        self.accounts = accounts
        self.limits = limits
        self.policy = policy
        sessions = StudioSessions(accounts: accounts, key: secrets.key(for: "csrf"), isSecure: isSecure)
        self.folder = folder
        self.version = version
    }

    /// - Throws: `StudioAssetsError` where the page's files are missing.
    public func add<Context: StudioContext>(to router: some RouterMethods<Context>) throws {
        let open = router.group("/api").add(middleware: StudioProblems())
        PolicyRoutes(policy: policy).add(to: open)
        SharedPictures(store: store).add(to: open)

        let routes = open.group().add(middleware: StudioSessionMiddleware(sessions: sessions))
        AccountRoutes(accounts: accounts, sessions: sessions).add(to: routes)
        KeyRoutes(accounts: accounts).add(to: routes)
        UsageRoutes(store: store, limits: limits).add(to: routes)
        AdminRoutes(store: store, accounts: accounts, jobs: jobs, folder: folder, version: version).add(to: routes)
        ModelRoutes(jobs: jobs).add(to: routes)
        JobRoutes(jobs: jobs, store: store, policy: policy).add(to: routes)
        EventRoutes(jobs: jobs, store: store).add(to: routes)
        PictureRoutes(store: store, policy: policy).add(to: routes)
        CollectionRoutes(store: store).add(to: routes)
        try StudioPages().add(to: router)
    }
}

extension Policy {
    /// What is decided on each text of a request, the decisive rule with it.
    func decisions(on texts: [String]) -> [PolicyDecision] {
        texts.map { PolicyDecision(decide(prompt: $0), on: .prompt) }
    }

    /// - Returns: nil where nobody looks at pictures, or at what is no picture: that is refused elsewhere.
    func decision(onUpload bytes: Data) async throws -> PolicyDecision? {
        guard pictures.checksPictures, let image = try? ImageBuffer(decoding: bytes) else { return nil }
        return PolicyDecision(try await decide(picture: image, as: .upload), on: .input)
    }
}

extension PolicyDecision {
    init(_ decision: Decision, on subject: Subject) {
        self.init(
            subject: subject, verdict: decision.isBlocked ? .refused : .allowed, rule: decision.rule ?? "",
            category: decision.category?.rawValue ?? "")
    }
}

import Foundation
import Hummingbird
import Service
import Store

/// What the host sees and sets: accounts, limits, who may sign up, and how the server does.
struct AdminRoutes: Sendable {
    let store: any DataStore
    let accounts: Accounts
    let jobs: Jobs
    let folder: URL
    let version: String

    private struct UserView: Encodable {
        var id: User.ID
        var email: String
        var admin: Bool
        var disabled: Bool
        var created: Date
        var last_seen: Date?
        var images_month: Int
        var limit_minute: Int?
        var quota_month: Int?

        init(_ user: User, images: Int) {
            id = user.id
            email = user.email
            admin = user.role == .admin
            disabled = user.isDisabled
            created = user.created
            last_seen = user.lastSeen
            images_month = images
            limit_minute = user.limits.imagesPerMinute
            quota_month = user.limits.imagesPerMonth
        }
    }

    private struct Users: Encodable {
        var users: [UserView]
        var next: String?
    }

    private struct Search: Decodable {
        var q: String?
        var cursor: String?
    }

    /// Limits that are null go back to the server's default; what is not there stays.
    private struct Change: Decodable {
        var admin: Bool?
        var disabled: Bool?
        var limit_minute: Int??
        var quota_month: Int??

        private enum CodingKeys: String, CodingKey { case admin, disabled, limit_minute, quota_month }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            admin = try fields.decodeIfPresent(Bool.self, forKey: .admin)
            disabled = try fields.decodeIfPresent(Bool.self, forKey: .disabled)
            func limit(_ key: CodingKeys) throws -> Int?? {
                fields.contains(key) ? .some(try fields.decodeIfPresent(Int.self, forKey: key)) : nil
            }
            limit_minute = try limit(.limit_minute)
            quota_month = try limit(.quota_month)
        }
    }

    private struct Invite: Decodable {
        var email: String?
    }

    private struct SignUps: Decodable {
        var sign_up: SignUpMode
    }

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.get("/admin/users") { _, context in
            _ = try context.admin
            return try await users(Search())
        }
        router.post("/admin/users/search") { request, context in
            _ = try context.admin
            return try await users(try await request.json(Search.self))
        }
        router.patch("/admin/users/:id") { request, context in
            _ = try context.admin
            let user = try await change(try context.id(), try await request.json(Change.self))
            let images = try await store.months(of: [user.id], now: Date())[user.id] ?? 0
            return try Response.json(UserView(user, images: images))
        }
        router.post("/admin/invitations") { [accounts] request, context in
            let admin = try context.admin
            let email = try await request.json(Invite.self).email
            let token = try await accounts.invite(email: email, role: .member, by: admin.id)
            return try Response.json(["url": "/sign-up#invitation=\(token)"], status: .created)
        }
        router.get("/admin/status") { _, context in
            _ = try context.admin
            return try Response.json(try await status())
        }
        router.patch("/admin/status") { [accounts] request, context in
            _ = try context.admin
            try await accounts.setSignUpMode(try await request.json(SignUps.self).sign_up)
            return try Response.json(try await status())
        }
    }

    private func users(_ search: Search) async throws -> Response {
        let page = try await accounts.users(
            search: search.q ?? "", after: search.cursor.flatMap { Cursor($0) }, limit: 50)
        let months = try await store.months(of: page.elements.map(\.id), now: Date())
        let views = page.elements.map { UserView($0, images: months[$0.id] ?? 0) }
        return try Response.json(Users(users: views, next: page.next?.text))
    }

    private func change(_ id: User.ID, _ wanted: Change) async throws -> User {
        guard var limits = try await accounts.user(id)?.limits else { throw AccountError.notFound }
        for limit in [wanted.limit_minute, wanted.quota_month] {
            guard let limit, let number = limit else { continue }
            guard number >= 0 else { throw StudioProblem(.badRequest, "A limit is 0 or more.", param: "limit") }
        }
        if let limit = wanted.limit_minute { limits.imagesPerMinute = limit }
        if let quota = wanted.quota_month { limits.imagesPerMonth = quota }
        return try await accounts.update(
            id,
            UserChange(
                role: wanted.admin.map { $0 ? .admin : .member }, isDisabled: wanted.disabled, limits: limits))
    }

    // MARK: The server

    private struct Status: Encodable {
        struct Queue: Encodable {
            var queued: Int
            var running: Int
        }

        struct Disk: Encodable {
            var free: Int
            var total: Int
        }

        struct Model: Encodable {
            var id: String
            var loaded: Bool
        }

        struct Images: Encodable {
            var today: Int
            var month: Int
        }

        var queue: Queue
        var disk: Disk
        var models: [Model]
        var images: Images
        var version: String
        var sign_up: SignUpMode
    }

    private func status() async throws -> Status {
        let load = await jobs.load()
        let space = try FileManager.default.attributesOfFileSystem(forPath: folder.path)
        func bytes(_ key: FileAttributeKey) -> Int { (space[key] as? NSNumber)?.intValue ?? 0 }
        let today = Days.text(Date())
        return Status(
            queue: .init(queued: load.waiting, running: load.running),
            disk: .init(free: bytes(.systemFreeSize), total: bytes(.systemSize)),
            models: await jobs.models().map { .init(id: $0.name, loaded: $0.isWarm) },
            images: .init(
                today: try await store.images(since: today),
                month: try await store.images(since: today.prefix(8) + "01")), version: version,
            sign_up: try await accounts.signUpMode())
    }
}

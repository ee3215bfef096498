import ContentPolicy
import Foundation
import Hummingbird
import Service
import Store

/// The history: looking for pictures, sending some, changing and removing them.
struct PictureRoutes: Sendable {
    let store: any DataStore
    let policy: Policy
    private let sent: Pictures

    /// Bytes of a picture that is sent: a canvas of 4096 × 4096 as PNG fits.
    private static let largestUpload = 64 << 20
    private static let most = 500

    init(store: any DataStore, policy: Policy) {
        self.store = store
        self.policy = policy
        sent = Pictures(store: store)
    }

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.post("/pictures/search") { request, context in
            try await search(try await request.json(Search.self), by: try context.user)
        }
        router.post("/pictures") { request, context in
            let picture = try await add(request, by: try context.user)
            return try Response.json(PictureView(picture), status: .created)
        }
        router.get("/pictures/:id") { _, context in
            try await shown(try context.id(), to: try context.user)
        }
        router.patch("/pictures/:id") { [store] request, context in
            let (id, user) = (try context.id(of: Picture.self), try context.user)
            let wanted = try await request.json(Change.self)
            guard try await store.setFavourite(wanted.favourite, [id], owner: user.id) > 0 else {
                throw StudioProblem.notFound
            }
            return try await shown(id, to: user)
        }
        router.delete("/pictures/:id") { [store] _, context in
            let gone = try await store.remove([try context.id()], owner: try context.user.id)
            guard !gone.isEmpty else { throw StudioProblem.notFound }
            return Response.nothing
        }
        router.post("/pictures/bulk") { request, context in
            let changed = try await change(try await request.json(Bulk.self), by: try context.user)
            return try Response.json(["changed": changed])
        }
        PictureFiles(store: store).add(to: router)
        Sharing(store: store).add(to: router)
    }

    // MARK: One

    private struct Change: Decodable {
        var favourite: Bool
    }

    private func shown(_ id: Picture.ID, to user: User) async throws -> Response {
        guard let picture = try await store.picture(id, owner: user.id) else { throw StudioProblem.notFound }
        let collections = try await store.collections(of: [id])[id] ?? []
        return try Response.json(PictureView(picture, collections: collections))
    }

    private static let purposes: [String: Picture.Origin] = ["upload": .upload, "mask": .mask, "frame": .frame]

    private func add(_ request: Request, by user: User) async throws -> Picture {
        let purpose = request.uri.queryParameters["purpose"].map(String.init) ?? "upload"
        guard let origin = Self.purposes[purpose] else {
            throw StudioProblem(
                .badRequest, "'purpose' is one of \(Self.purposes.keys.sorted().joined(separator: ", "))",
                param: "purpose")
        }
        let bytes = Data(buffer: try await request.bytes(limit: Self.largestUpload))
        if let decision = try await policy.decision(onUpload: bytes), decision.verdict == .refused {
            throw StudioProblem.refused(rule: decision.rule, category: decision.category)
        }
        return try await sent.add(bytes, origin: origin, owner: user.id)
    }

    // MARK: Many

    private struct Search: Decodable {
        var q: String?
        var favourite: Bool?
        var collection: PictureCollection.ID?
        var cursor: String?
        var limit: Int?
    }

    private struct Found: Encodable {
        var pictures: [PictureView]
        var next: String?
    }

    private func search(_ wanted: Search, by user: User) async throws -> Response {
        var query = PictureQuery(
            search: wanted.q ?? "", favourite: wanted.favourite, collection: wanted.collection,
            limit: min(max(wanted.limit ?? 60, 1), 200))
        if let cursor = wanted.cursor {
            guard let place = Cursor(cursor) else {
                throw StudioProblem(.badRequest, "'cursor' is not one that this server gave", param: "cursor")
            }
            query.after = place
        }
        let page = try await store.pictures(of: user.id, query)
        let collections = try await store.collections(of: page.elements.map(\.id))
        let views = page.elements.map { PictureView($0, collections: collections[$0.id] ?? []) }
        return try Response.json(Found(pictures: views, next: page.next?.text))
    }

    private struct Bulk: Decodable {
        enum Action: String, Decodable {
            case delete, favourite, unfavourite, collect, uncollect
        }

        var ids: [Picture.ID]
        var action: Action
        var collection: PictureCollection.ID?
    }

    private func change(_ bulk: Bulk, by user: User) async throws -> Int {
        guard bulk.ids.count <= Self.most else {
            throw StudioProblem(.badRequest, "At most \(Self.most) pictures are changed at once.", param: "ids")
        }
        switch bulk.action {
        case .delete: return try await store.remove(bulk.ids, owner: user.id).count
        case .favourite, .unfavourite:
            return try await store.setFavourite(bulk.action == .favourite, bulk.ids, owner: user.id)
        case .collect, .uncollect:
            guard let collection = bulk.collection else {
                throw StudioProblem(.badRequest, "'collection' is a required property", param: "collection")
            }
            guard
                let changed = try await store.collect(
                    bulk.ids, in: collection, add: bulk.action == .collect, owner: user.id)
            else { throw StudioProblem.notFound }
            return changed
        }
    }
}

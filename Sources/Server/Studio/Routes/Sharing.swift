import Foundation
import Hummingbird
import Store

/// Links that show one picture to anyone: made when its owner asks, and taken back as easily.
struct Sharing: Sendable {
    let store: any DataStore

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.post("/pictures/:id/share") { _, context in
            let picture = try await share(try context.id(), token: RandomText.base62(22), owner: try context.user.id)
            return try Response.json(["url": "/s/\(picture.shareToken ?? "")"], status: .created)
        }
        router.delete("/pictures/:id/share") { _, context in
            _ = try await share(try context.id(), token: nil, owner: try context.user.id)
            return Response.nothing
        }
    }

    private func share(_ id: Picture.ID, token: String?, owner: User.ID) async throws -> Picture {
        guard let picture = try await store.share(id, token: token, owner: owner) else {
            throw StudioProblem.notFound
        }
        return picture
    }
}

/// What a shared link opens: needs no account.
struct SharedPictures: Sendable {
    let store: any DataStore

    private struct View: Encodable {
        var prompt: String
        var width: Int
        var height: Int
        var created: Date
    }

    func add<Context: RequestContext>(to router: some RouterMethods<Context>) {
        let routes = router.group("/shares")
        routes.get("/:token") { _, context in
            let picture = try await picture(context)
            return try Response.json([
                "picture": View(
                    prompt: picture.prompt, width: picture.width, height: picture.height, created: picture.created)
            ])
        }
        routes.get("/:token/file") { request, context in
            var response = try await PictureFiles(store: store).file(try await picture(context), for: request)
            // A link that was taken back must not live on in a cache.
            response.headers[.cacheControl] = "private, no-cache"
            return response
        }
    }

    private func picture(_ context: some RequestContext) async throws -> Picture {
        guard let token = context.parameters.get("token"), (16...64).contains(token.utf8.count),
            let picture = try await store.picture(shareToken: token)
        else { throw StudioProblem.notFound }
        return picture
    }
}

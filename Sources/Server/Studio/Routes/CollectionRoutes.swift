import Foundation
import Hummingbird
import Store

/// Pictures put together under a name.
struct CollectionRoutes: Sendable {
    let store: any DataStore

    private static let longestName = 100

    private struct View: Encodable {
        var id: PictureCollection.ID
        var name: String
        var count: Int
        var cover: Picture.ID?

        init(_ collection: PictureCollection) {
            id = collection.id
            name = collection.name
            count = collection.count
            cover = collection.cover
        }
    }

    private struct Named: Decodable {
        var name: String

        func checked() throws(StudioProblem) -> String {
            let text = name.trimmingCharacters(in: .whitespacesAndNewlines)
            guard (1...CollectionRoutes.longestName).contains(text.count) else {
                throw StudioProblem(
                    .badRequest, "A name has 1 to \(CollectionRoutes.longestName) letters.", param: "name")
            }
            return text
        }
    }

    func add<Context: StudioContext>(to router: some RouterMethods<Context>) {
        router.get("/collections") { [store] _, context in
            let all = try await store.collections(of: try context.user.id)
            return try Response.json(["collections": all.map { View($0) }])
        }
        router.post("/collections") { [store] request, context in
            let name = try await request.json(Named.self).checked()
            let collection = PictureCollection(owner: try context.user.id, name: name, created: Date())
            try await store.add(collection)
            return try Response.json(View(collection), status: .created)
        }
        router.patch("/collections/:id") { [store] request, context in
            let id = try context.id(of: PictureCollection.self)
            let name = try await request.json(Named.self).checked()
            guard try await store.rename(id, to: name, owner: try context.user.id) else {
                throw StudioProblem.notFound
            }
            return Response.nothing
        }
        router.delete("/collections/:id") { [store] _, context in
            guard try await store.remove(try context.id(of: PictureCollection.self), owner: try context.user.id) else {
                throw StudioProblem.notFound
            }
            return Response.nothing
        }
    }
}

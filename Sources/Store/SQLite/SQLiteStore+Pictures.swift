import Foundation
import GRDB

extension SQLiteStore {
    public func add(sent picture: Picture) async throws {
        try await writer.write(promise: true) { try Self.insert(picture, in: $0) }
    }

    static func insert(_ picture: Picture, in database: Database) throws {
        try database.insert(
            into: "pictures",
            [
                "id": picture.id.text, "owner": picture.owner.text, "origin": picture.origin.rawValue,
                "job": picture.job?.text, "place": picture.index, "blob": picture.blob.text, "bytes": picture.bytes,
                "format": picture.format, "width": picture.width, "height": picture.height,
                "seed": picture.seed.map { Int64(bitPattern: $0) }, "task": picture.task, "prompt": picture.prompt,
                "recipe": picture.recipe, "favourite": picture.isFavourite, "share_token": picture.shareToken,
                "created": picture.created.milliseconds, "expires": picture.expires?.milliseconds,
            ])
    }

    // MARK: Looking up

    public func picture(_ id: Picture.ID, owner: User.ID) async throws -> Picture? {
        try await read { try Self.pictures([id], owner: owner, in: $0).first }
    }

    public func picture(signed id: Picture.ID) async throws -> Picture? {
        try await read { try $0.row("SELECT * FROM pictures WHERE id = ?", [id.text]).map(Picture.init) }
    }

    public func picture(shareToken: String) async throws -> Picture? {
        try await read { database in
            try database.row("SELECT * FROM pictures WHERE share_token = ?", [shareToken]).map(Picture.init)
        }
    }

    public func pictures(of job: Job.ID) async throws -> [Picture] {
        try await read { database in
            try database.rows("SELECT * FROM pictures WHERE job = ? ORDER BY place", [job.text]).map(Picture.init)
        }
    }

    public func pictures(of jobs: [Job.ID]) async throws -> [Job.ID: [Picture]] {
        try await read { database in
            var pictures: [Picture] = []
            for piece in jobs.pieces {
                pictures += try database.rows(
                    "SELECT * FROM pictures WHERE job IN (\(placeholders(piece.count))) ORDER BY place",
                    piece.map(\.text)
                ).map(Picture.init)
            }
            return Dictionary(grouping: pictures.filter { $0.job != nil }) { $0.job ?? Job.ID(stored: "") }
        }
    }

    public func pictures(_ ids: [Picture.ID], owner: User.ID) async throws -> [Picture] {
        try await read { try Self.pictures(ids, owner: owner, in: $0) }
    }

    static func pictures(_ ids: [Picture.ID], owner: User.ID, in database: Database) throws -> [Picture] {
        var found: [Picture.ID: Picture] = [:]
        for piece in ids.pieces {
            let rows = try database.rows(
                "SELECT * FROM pictures WHERE id IN (\(placeholders(piece.count))) AND owner = ?",
                piece.map(\.text) + [owner.text])
            for row in rows {
                let picture = try Picture(row)
                found[picture.id] = picture
            }
        }
        return ids.compactMap { found[$0] }
    }

    public func pictures(of owner: User.ID, _ query: PictureQuery) async throws -> Page<Picture> {
        let filter = PictureFilter(query)
        return try await read { database in
            let rows = try database.rows(
                """
                SELECT * FROM pictures WHERE owner = ? AND (created, id) < (?, ?) \(filter.sql)
                ORDER BY created DESC, id DESC LIMIT ?
                """, [owner.text] + Cursor.values(query.after) + filter.values + [query.limit + 1])
            return Page(try rows.map(Picture.init), limit: query.limit) { Cursor(date: $0.created, id: $0.id.text) }
        }
    }

    // MARK: Changing

    public func setFavourite(_ isFavourite: Bool, _ pictures: [Picture.ID], owner: User.ID) async throws -> Int {
        try await writer.write(promise: true) { database in
            var changed = 0
            for picture in pictures {
                try database.run(
                    "UPDATE pictures SET favourite = ? WHERE id = ? AND owner = ?",
                    [isFavourite, picture.text, owner.text])
                changed += database.changesCount
            }
            return changed
        }
    }

    public func share(_ picture: Picture.ID, token: String?, owner: User.ID) async throws -> Picture? {
        try await writer.write(promise: true) { database in
            try database.run(
                """
                UPDATE pictures SET share_token = CASE WHEN ?1 IS NULL THEN NULL ELSE coalesce(share_token, ?1) END
                WHERE id = ?2 AND owner = ?3
                """, [token, picture.text, owner.text])
            return try Self.pictures([picture], owner: owner, in: database).first
        }
    }

    public func remove(_ pictures: [Picture.ID], owner: User.ID) async throws -> [Picture.ID] {
        let removed = try await writer.write(promise: true) { database in
            try pictures.filter { picture in
                try database.run("DELETE FROM pictures WHERE id = ? AND owner = ?", [picture.text, owner.text])
                return database.hasChanged
            }
        }
        try await collectGarbage()
        return removed
    }

    // MARK: Collections

    public func collections(of owner: User.ID) async throws -> [PictureCollection] {
        try await read { database in
            try database.rows(
                """
                SELECT c.*, count(p.picture) AS count,
                    (SELECT picture FROM collection_pictures WHERE collection = c.id
                     ORDER BY added DESC, picture DESC LIMIT 1) AS cover
                FROM collections AS c LEFT JOIN collection_pictures AS p ON p.collection = c.id
                WHERE c.owner = ? GROUP BY c.id ORDER BY c.name COLLATE NOCASE, c.id
                """, [owner.text]
            ).map { row in
                PictureCollection(
                    id: row.id("id"), owner: row.id("owner"), name: row["name"], created: row.date("created"),
                    count: row["count"], cover: row.optionalID("cover"))
            }
        }
    }

    public func add(_ collection: PictureCollection) async throws {
        try await writer.write(promise: true) { database in
            try Self.checkName(collection.name, owner: collection.owner, in: database)
            try database.insert(
                into: "collections",
                [
                    "id": collection.id.text, "owner": collection.owner.text, "name": collection.name,
                    "created": collection.created.milliseconds,
                ])
        }
    }

    public func rename(_ collection: PictureCollection.ID, to name: String, owner: User.ID) async throws -> Bool {
        try await writer.write(promise: true) { database in
            try Self.checkName(name, owner: owner, but: collection, in: database)
            try database.run(
                "UPDATE collections SET name = ? WHERE id = ? AND owner = ?", [name, collection.text, owner.text])
            return database.hasChanged
        }
    }

    private static func checkName(
        _ name: String, owner: User.ID, but collection: PictureCollection.ID? = nil, in database: Database
    ) throws {
        let other = try database.row(
            "SELECT 1 FROM collections WHERE owner = ? AND name = ? AND id <> ?",
            [owner.text, name, collection?.text ?? ""])
        if other != nil { throw StoreError.taken(what: "collection") }
    }

    public func remove(_ collection: PictureCollection.ID, owner: User.ID) async throws -> Bool {
        try await writer.write(promise: true) { database in
            try database.run("DELETE FROM collections WHERE id = ? AND owner = ?", [collection.text, owner.text])
            return database.hasChanged
        }
    }

    public func collect(
        _ pictures: [Picture.ID], in collection: PictureCollection.ID, add: Bool, owner: User.ID
    ) async throws -> Int? {
        try await writer.write(promise: true) { database in
            let known = try database.row(
                "SELECT 1 FROM collections WHERE id = ? AND owner = ?", [collection.text, owner.text])
            guard known != nil else { return nil }
            var changed = 0
            for (place, picture) in try Self.pictures(pictures, owner: owner, in: database).map(\.id).enumerated() {
                if add {
                    try database.insert(
                        into: "collection_pictures", or: "OR IGNORE",
                        [
                            "collection": collection.text, "picture": picture.text,
                            "added": Date.now.milliseconds + Int64(place),
                        ])
                } else {
                    try database.run(
                        "DELETE FROM collection_pictures WHERE collection = ? AND picture = ?",
                        [collection.text, picture.text])
                }
                changed += database.changesCount
            }
            return changed
        }
    }

    public func collections(of pictures: [Picture.ID]) async throws -> [Picture.ID: [PictureCollection.ID]] {
        try await read { database in
            var collections: [Picture.ID: [PictureCollection.ID]] = [:]
            for piece in pictures.pieces {
                let rows = try database.rows(
                    "SELECT * FROM collection_pictures WHERE picture IN (\(placeholders(piece.count))) ORDER BY added",
                    piece.map(\.text))
                for row in rows { collections[row.id("picture"), default: []].append(row.id("collection")) }
            }
            return collections
        }
    }
}

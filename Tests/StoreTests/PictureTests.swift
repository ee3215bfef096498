import Foundation
import Testing

@testable import Store

@Suite("Pictures in the store")
struct PictureTests {
    @Test func theHistoryComesInPages() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        var ids: [Picture.ID] = []
        for number in 0..<5 {
            // Two of each date, so that the id decides.
            ids.append(try await temporary.sent(at: temporary.start + Double(number / 2)).id)
        }
        _ = try await temporary.sent(of: temporary.bob)
        _ = try await temporary.sent(origin: .mask)
        var seen: [Picture] = []
        var cursor: Cursor?
        repeat {
            let page = try await store.pictures(of: temporary.ann, PictureQuery(after: cursor, limit: 2))
            seen += page.elements
            cursor = page.next.flatMap { Cursor($0.text) }
        } while cursor != nil
        #expect(Set(seen.map(\.id)) == Set(ids) && seen.count == 5)
        #expect(seen.map(\.created) == seen.map(\.created).sorted(by: >))
    }

    @Test(
        arguments: [
            ("fox", ["A red Fox in snow"]), ("sno", ["A red Fox in snow"]), ("red cat", []),
            ("CAFÉ", ["ein Café am Meer"]), ("cafe meer", ["ein Café am Meer"]), ("柴犬", ["雪の中の柴犬"]),
            ("\"", ["雪の中の柴犬", "ein Café am Meer", "A red Fox in snow"]), ("a* OR b", []), ("fox\" NOT", []),
        ])
    func promptsAreSearchedByWords(search: String, expected: [String]) async throws {
        let temporary = try await TemporaryStore()
        for (place, prompt) in ["A red Fox in snow", "ein Café am Meer", "雪の中の柴犬"].enumerated() {
            _ = try await temporary.sent(prompt, at: temporary.start + Double(place))
        }
        let page = try await temporary.store.pictures(of: temporary.ann, PictureQuery(search: search))
        #expect(page.elements.map(\.prompt) == expected)
    }

    @Test func favouritesAndCollectionsAreTheOwners() async throws {
        let temporary = try await TemporaryStore()
        let (store, ann, bob) = (temporary.store, temporary.ann, temporary.bob)
        let mine = try await temporary.sent(at: temporary.start)
        let other = try await temporary.sent(at: temporary.start + 1)
        let bobs = try await temporary.sent(of: bob)
        #expect(try await store.setFavourite(true, [mine.id, bobs.id], owner: ann) == 1)
        let favourites = try await store.pictures(of: ann, PictureQuery(favourite: true))
        #expect(favourites.elements.map(\.id) == [mine.id])

        let collection = PictureCollection(owner: ann, name: "Foxes", created: temporary.start)
        try await store.add(collection)
        await #expect(throws: StoreError.taken(what: "collection")) {
            try await store.add(PictureCollection(owner: ann, name: "Foxes", created: temporary.start))
        }
        let all = [mine.id, other.id, bobs.id]
        #expect(try await store.collect(all, in: collection.id, add: true, owner: bob) == nil)
        #expect(try await store.collect(all, in: collection.id, add: true, owner: ann) == 2)
        let found = try #require(try await store.collections(of: ann).first)
        #expect(found.count == 2 && found.cover == other.id)
        let inside = try await store.pictures(of: ann, PictureQuery(collection: collection.id))
        #expect(inside.elements.map(\.id) == [other.id, mine.id])
        #expect(try await store.collections(of: all) == [mine.id: [collection.id], other.id: [collection.id]])
        #expect(try await !store.rename(collection.id, to: "x", owner: bob))
        #expect(try await !store.remove(collection.id, owner: bob))
        #expect(try await store.remove(collection.id, owner: ann))
        #expect(try await store.picture(mine.id, owner: ann) != nil)
    }

    @Test func aShareIsOptInAndEnds() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let picture = try await temporary.sent()
        #expect(try await store.share(picture.id, token: "t", owner: temporary.bob) == nil)
        #expect(try await store.share(picture.id, token: "t", owner: temporary.ann)?.shareToken == "t")
        #expect(try await store.share(picture.id, token: "u", owner: temporary.ann)?.shareToken == "t")
        #expect(try await store.picture(shareToken: "t")?.id == picture.id)
        _ = try await store.share(picture.id, token: nil, owner: temporary.ann)
        #expect(try await store.picture(shareToken: "t") == nil)
    }

    @Test func anothersPictureIsNeitherFoundNorRemoved() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let picture = try await temporary.sent()
        #expect(try await store.picture(picture.id, owner: temporary.bob) == nil)
        #expect(try await store.remove([picture.id], owner: temporary.bob).isEmpty)
        #expect(try await store.bytes(of: temporary.ann) == 5)
        #expect(try await store.remove([picture.id], owner: temporary.ann) == [picture.id])
        #expect(throws: StoreError.missingBlob) { try store.blobs.read(picture.blob) }
    }

    @Test func theSweepTakesWhatIsPastItsTimeAndNotInUse() async throws {
        let temporary = try await TemporaryStore()
        let (store, now) = (temporary.store, temporary.start)
        let used = try await temporary.sent(origin: .input, expires: now)
        let unused = try await temporary.sent(origin: .mask, expires: now)
        let later = try await temporary.sent(origin: .mask, expires: now + 100)
        let job = try await temporary.running(inputs: [used.id])
        func sweep(_ date: Date) async throws -> Swept {
            try await store.sweep(now: date, jobsBefore: [.api: date - 10], decisionsBefore: date)
        }
        #expect(try await sweep(now) == Swept(pictures: 1, jobs: 0))
        #expect(try await store.pictures([used.id, unused.id, later.id], owner: temporary.ann).count == 2)
        _ = try await store.finish(job.id, as: .cancelled, now: now)
        #expect(try await sweep(now + 20) == Swept(pictures: 1, jobs: 1))
        try await store.collectGarbage()
        #expect(try await store.examine().isEmpty)
    }
}

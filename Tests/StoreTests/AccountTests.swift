import Foundation
import Testing

@testable import Store

@Suite("Accounts in the store")
struct AccountTests {
    @Test func theFirstAccountIsAnAdminAndOthersAreNot() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        #expect(try await store.user(temporary.ann)?.role == .admin)
        #expect(try await store.user(temporary.bob)?.role == .member)
        #expect(try await store.user(email: "bob@example.org")?.id == temporary.bob)
    }

    @Test func anAddressHasOneAccount() async throws {
        let temporary = try await TemporaryStore()
        await #expect(throws: StoreError.taken(what: "account")) {
            _ = try await temporary.store.add(
                User(email: "ann@example.org", passwordHash: nil, created: temporary.start), invitation: nil,
                now: temporary.start)
        }
    }

    @Test func anInvitationIsForOneAccount() async throws {
        let temporary = try await TemporaryStore()
        let (store, now) = (temporary.store, temporary.start)
        let hash = Data("token".utf8)
        try await store.add(
            Invitation(
                tokenHash: hash, email: "eve@example.org", role: .admin, invitedBy: temporary.ann, created: now,
                expires: now + 10))
        func join(_ email: String, _ date: Date) async throws -> User? {
            try await store.add(User(email: email, passwordHash: nil, created: date), invitation: hash, now: date)
        }
        #expect(try await join("mallory@example.org", now) == nil)
        #expect(try await join("eve@example.org", now + 10) == nil)
        #expect(try await join("eve@example.org", now + 9)?.role == .admin)
        #expect(try await join("eve2@example.org", now + 9) == nil)
    }

    @Test func usersComeInPagesNewestFirst() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let first = try await store.users(search: "", after: nil, limit: 1)
        #expect(first.elements.map(\.id) == [temporary.bob])
        let second = try await store.users(search: "", after: first.next, limit: 1)
        #expect(second.elements.map(\.id) == [temporary.ann])
        #expect(second.next == nil)
        #expect(try await store.users(search: "ANN@", after: nil, limit: 9).elements.map(\.id) == [temporary.ann])
    }

    @Test func removingAnAccountRemovesAllThatIsItsOwn() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let picture = try await temporary.sent()
        let job = try await temporary.running(inputs: [picture.id])
        let drawn = try temporary.picture(origin: .generated, job: job.id)
        #expect(try await store.add(drawn: drawn, decision: nil))
        #expect(try await store.remove(temporary.ann))
        try await store.collectGarbage()
        #expect(throws: StoreError.missingBlob) { try store.blobs.read(picture.blob) }
        #expect(throws: StoreError.missingBlob) { try store.blobs.read(drawn.blob) }
        #expect(try await store.activeJobs(of: nil).isEmpty)
        #expect(try await store.examine().isEmpty)
        #expect(try await !store.remove(temporary.ann))
    }

    @Test func oneOfTwoRotationsWins() async throws {
        let temporary = try await TemporaryStore()
        let (store, now) = (temporary.store, temporary.start)
        let (old, new) = (Data("old".utf8), Data("new".utf8))
        var session = Session(
            user: temporary.ann, tokenHash: old, created: now, rotated: now, expires: now + 100)
        try await store.add(session)
        session.tokenHash = new
        session.previousHash = old
        #expect(try await store.rotate(session, from: old))
        #expect(try await !store.rotate(session, from: old))
        for hash in [old, new] {
            #expect(try await store.session(tokenHash: hash)?.session.id == session.id)
        }
        try await store.removeSessions(of: temporary.ann, except: session.id)
        #expect(try await store.session(tokenHash: new) != nil)
        try await store.removeSessions(of: temporary.ann, except: nil)
        #expect(try await store.session(tokenHash: new) == nil)
    }

    @Test func aKeyIsRevokedByItsOwnerAlone() async throws {
        let temporary = try await TemporaryStore()
        let (store, now) = (temporary.store, temporary.start)
        let key = APIKey(
            user: temporary.ann, name: "k", hash: Data("hash".utf8), hint: "li-ab…yz", scopes: [.images, .jobs],
            created: now)
        try await store.add(key)
        try await store.touch([key.id: now + 5])
        let (found, user) = try #require(try await store.key(hash: key.hash))
        #expect(found.scopes == [.images, .jobs] && found.lastUsed == now + 5 && user.lastSeen == now + 5)
        #expect(try await !store.revoke(key.id, owner: temporary.bob, now: now))
        #expect(try await store.revoke(key.id, owner: temporary.ann, now: now))
        #expect(try await store.keys(of: temporary.ann).isEmpty)
        #expect(try await store.key(hash: key.hash)?.key.revoked == now)
    }

    @Test func oneServerAtATime() async throws {
        let temporary = try await TemporaryStore()
        #expect(throws: StoreError.inUse) { try SQLiteStore(folder: temporary.folder, use: .server) }
        let visitor = try SQLiteStore(folder: temporary.folder, use: .visitor)
        #expect(try await visitor.hasUsers())
    }
}

import Foundation
import Store
import Testing

@testable import Service

@Suite("Accounts")
struct AccountsTests {
    @Test func signingInTellsNothingOfWhoIsKnown() async throws {
        let service = try await TestService()
        let accounts = service.accounts
        #expect(try await accounts.signIn(email: "Ann@example.org ", password: "correct horse", from: "a").token != nil)
        for email in ["ann@example.org", "nobody@example.org", "bob@example.org", "no address"] {
            await #expect(throws: AccountError.wrongCredentials) {
                _ = try await accounts.signIn(email: email, password: "wrong horse", from: "a")
            }
        }
    }

    @Test func guessingIsSlowedDown() async throws {
        let clock = TestClock()
        let service = try await TestService(clock: clock.clock)
        func guess() async throws {
            _ = try await service.accounts.signIn(email: "ann@example.org", password: "guess", from: "a")
        }
        for _ in 0..<10 { await #expect(throws: AccountError.wrongCredentials) { try await guess() } }
        await #expect(throws: AccountError.throttled(retryAfter: 900)) { try await guess() }
        _ = try await service.accounts.signIn(email: "ann@example.org", password: "correct horse", from: "b")
        clock.advance(901)
        await #expect(throws: AccountError.wrongCredentials) { try await guess() }
    }

    @Test func aSessionRotatesAndEnds() async throws {
        let clock = TestClock()
        let service = try await TestService(clock: clock.clock)
        let accounts = service.accounts
        let first = try await accounts.signIn(email: "ann@example.org", password: "correct horse", from: "a")
        let old = try #require(first.token)
        clock.advance(3600)
        let new = try #require(try await accounts.session(token: old)?.token)
        #expect(try await accounts.session(token: old) != nil)
        clock.advance(60)
        #expect(try await accounts.session(token: old) == nil)
        let current = try #require(try await accounts.session(token: new))
        try await accounts.signOut(current.session.id)
        #expect(try await accounts.session(token: new) == nil)
    }

    @Test func aKeyIsStoredAsAHashAndCanEnd() async throws {
        let clock = TestClock()
        let service = try await TestService(clock: clock.clock)
        let accounts = service.accounts
        let key = try await accounts.createKey(
            for: service.ann.id, name: "k", scopes: [.models], expires: clock.clock.now() + 10)
        #expect(key.key.hint == "\(key.secret.prefix(5))…\(key.secret.suffix(2))")
        let access = try await accounts.access(key: key.secret)
        #expect(throws: AccountError.missingScope("images")) { try access.require(.images) }
        clock.advance(10)
        await #expect(throws: AccountError.invalidKey(.expired)) { _ = try await accounts.access(key: key.secret) }
        await #expect(throws: AccountError.invalidKey(.unknown)) { _ = try await accounts.access(key: "li-none") }
        await #expect(throws: AccountError.notFound) {
            try await accounts.revokeKey(key.key.id, owner: service.bob.id)
        }
    }

    @Test func theLastAdminStays() async throws {
        let service = try await TestService()
        await #expect(throws: AccountError.lastAdmin) { try await service.accounts.remove(service.ann.id) }
        _ = try await service.accounts.update(service.bob.id, UserChange(role: .admin))
        try await service.accounts.remove(service.ann.id)
    }
}

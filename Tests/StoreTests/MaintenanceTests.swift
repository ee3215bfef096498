import Foundation
import GRDB
import Testing

@testable import Store

@Suite("The store's upkeep")
struct MaintenanceTests {
    @Test func theDoctorFindsAndRepairs() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let lost = try await temporary.sent()
        let cut = try await temporary.sent()
        try store.files.remove(lost.blob)
        try Data("x".utf8).write(to: store.files.file(cut.blob))
        let stray = try store.blobs.stage(Data("y".utf8))
        try store.blobs.publish(stray)
        let short = try await temporary.running(count: 2)
        let mad = try await temporary.running()
        try await store.pool.write { database in
            try database.execute(
                sql: "UPDATE jobs SET state = 'succeeded', finished = 1 WHERE id = ?", arguments: [short.id.text])
            try database.execute(
                sql: "UPDATE jobs SET state = 'failed' WHERE id = ?", arguments: [mad.id.text])
        }
        let findings = try await store.examine()
        let expected: [Finding.Kind: Set<String>] = [
            .missingBlob: [lost.id.text, cut.id.text], .strayBlob: [stray.text], .missingPicture: [short.id.text],
            .impossibleState: [mad.id.text],
        ]
        #expect(Dictionary(grouping: findings, by: \.kind).mapValues { Set($0.map(\.subject)) } == expected)
        try await store.repair(findings)
        #expect(try await store.examine() == [])
    }

    @Test func writesOfTheSameMomentAreEachAllOrNothing() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let results = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let write: Void? = try? await store.writer.write(promise: true) { database in
                        try database.run("INSERT INTO settings VALUES (?, 'v')", ["n\(number)"])
                        if number % 3 == 0 { throw StoreError.missingBlob }
                    }
                    return write != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(results == 133)
        #expect(try await store.read { try $0.number("SELECT count(*) FROM settings") } == 133)
    }

    @Test func settingsAreKept() async throws {
        let temporary = try await TemporaryStore()
        #expect(try await temporary.store.setting("a") == nil)
        try await temporary.store.set("a", to: "1")
        try await temporary.store.set("a", to: "2")
        #expect(try await temporary.store.setting("a") == "2")
        try await temporary.store.set("a", to: nil)
        #expect(try await temporary.store.setting("a") == nil)
        try await temporary.store.ping()
    }
}

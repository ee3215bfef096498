import Foundation
import GRDB

/// Writes to the database, those that come at the same time in one transaction: a commit waits for the disk, and so many
/// wait together and not one after the other. Each write is still all or nothing by itself.
actor GroupCommit {
    /// One caller's write.
    private struct Waiting: Sendable {
        var isPromise: Bool
        /// Runs inside the transaction, and gives what tells the caller the result when the transaction is there.
        var run: @Sendable (Database) -> (@Sendable () -> Void)
        /// Tells the caller that there is no transaction.
        var fail: @Sendable (any Error) -> Void
    }

    private let pool: DatabasePool
    private var waiting: [Waiting] = []
    private var isBusy = false
    /// Bounds how long the first of a group waits for the last.
    private static let groupLimit = 256

    init(pool: DatabasePool) { self.pool = pool }

    /// - Parameter promise: whether the caller may only go on when a loss of power could not undo the write. A process
    ///   that is killed undoes no write in either case.
    func write<Result: Sendable>(
        promise: Bool = false, _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append(
                Waiting(
                    isPromise: promise,
                    run: { database in
                        let result = Swift.Result { try Self.savepoint(database) { try body(database) } }
                        return { continuation.resume(with: result) }
                    },
                    fail: { continuation.resume(throwing: $0) }))
            if !isBusy {
                isBusy = true
                Task { await commitGroups() }
            }
        }
    }

    private func commitGroups() async {
        while !waiting.isEmpty {
            let group = Array(waiting.prefix(Self.groupLimit))
            waiting.removeFirst(group.count)
            await commit(group)
        }
        isBusy = false
    }

    private func commit(_ group: [Waiting]) async {
        await withCheckedContinuation { done in
            pool.asyncWriteWithoutTransaction { database in
                do {
                    let isPromise = group.contains(where: \.isPromise)
                    try database.execute(sql: "PRAGMA synchronous = \(isPromise ? "FULL" : "NORMAL")")
                    var reports: [@Sendable () -> Void] = []
                    try database.inTransaction(.immediate) {
                        reports = group.map { $0.run(database) }
                        return .commit
                    }
                    for report in reports { report() }
                } catch {
                    for write in group { write.fail(StoreError.describing(error)) }
                }
                done.resume()
            }
        }
    }

    private static func savepoint<Result>(_ database: Database, _ body: () throws -> Result) throws -> Result {
        var result: Result?
        do {
            try database.inSavepoint {
                result = try body()
                return .commit
            }
        } catch {
            throw StoreError.describing(error)
        }
        guard let result else { throw StoreError.unwritable(reason: "a write had no result") }
        return result
    }
}

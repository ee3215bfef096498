import Foundation
import GRDB

/// The store in a folder: a SQLite database in WAL mode, and blobs in files beside it.
///
///     limn.sqlite      rows
///     blobs/ab/ab…     pictures
///     staging/         pictures whose rows are being written
///     limn.lock        held by the process that draws
public final class SQLiteStore: DataStore {
    /// Who opens the store.
    public enum Use: Sendable {
        /// The one process that works on jobs. A second one is refused.
        case server
        /// A look or a small change beside a server that may be running.
        case visitor
    }

    public let blobs: any BlobStore
    let files: FileBlobStore
    let pool: DatabasePool
    let writer: GroupCommit
    private let lock: FolderLock?

    /// Opens the store in a folder, and makes it where there is none.
    /// - Throws: `StoreError.unusable`, `.inUse`, `.tooNew`.
    public init(folder: URL, use: Use) throws {
        try FileBlobStore.makeFolder(folder)
        lock = use == .server ? try FolderLock(folder.appending(path: "limn.lock")) : nil
        files = try FileBlobStore(folder: folder)
        blobs = files
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
        do {
            pool = try DatabasePool(path: folder.appending(path: "limn.sqlite").path, configuration: configuration)
            let isNewer = try pool.read { try Schema.migrator.hasBeenSuperseded($0) }
            if isNewer { throw StoreError.tooNew }
            try Schema.migrator.migrate(pool)
        } catch let error as DatabaseError {
            throw StoreError.unusable(
                folder: folder.lastPathComponent, reason: "\(error.resultCode) \(error.message ?? "")")
        }
        writer = GroupCommit(pool: pool)
    }

    /// Reads the rows as they are at one moment.
    func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
        do {
            return try await pool.read(body)
        } catch {
            throw StoreError.describing(error)
        }
    }
}

/// A file that one process at a time holds.
private final class FolderLock: Sendable {
    private let descriptor: Int32

    init(_ file: URL) throws {
        descriptor = open(file.path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError.unusable(
                folder: file.deletingLastPathComponent().lastPathComponent, reason: "the lock's file cannot be made")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError.inUse
        }
    }

    deinit { close(descriptor) }
}

import Foundation

/// What a sweep took away.
public struct Swept: Hashable, Sendable {
    public var pictures: Int
    public var jobs: Int

    public init(pictures: Int = 0, jobs: Int = 0) {
        self.pictures = pictures
        self.jobs = jobs
    }
}

/// Something in the store that should not be.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, CaseIterable, Sendable {
        /// The database's own check failed. It cannot be repaired here: restore a backup.
        case damagedDatabase = "damaged_database"
        /// A picture's row has no file. Repair removes the row.
        case missingBlob = "missing_blob"
        /// A file belongs to no row. Repair deletes it.
        case strayBlob = "stray_blob"
        /// A job's state and its dates or attempts do not fit together. Repair ends the job as failed.
        case impossibleState = "impossible_state"
        /// A job ended well with fewer pictures than it should have. Repair ends the job as failed.
        case missingPicture = "missing_picture"
        /// A row points to one that is not there. Repair removes it.
        case brokenReference = "broken_reference"
    }

    public var kind: Kind
    /// The row's or the blob's name.
    public var subject: String
    public var detail: String

    public init(_ kind: Kind, subject: String, detail: String) {
        self.kind = kind
        self.subject = subject
        self.detail = detail
    }

    public var description: String { "\(kind.rawValue)  \(subject)  \(detail)" }
}

public protocol MaintenanceStore: Sendable {
    /// A small value that the server keeps, such as who may sign up.
    func setting(_ name: String) async throws -> String?
    func set(_ name: String, to value: String?) async throws

    /// Removes what is past its time: pictures that no active job works on, jobs that ended before `jobsBefore` and have
    /// no pictures, sessions, invitations, idempotency keys, charges, decisions before `decisionsBefore`.
    func sweep(now: Date, jobsBefore: [Job.Source: Date], decisionsBefore: Date) async throws -> Swept
    /// Deletes the files of rows that were removed, and staged blobs that a crash left.
    func collectGarbage() async throws
    /// Looks at everything. The store may be in use.
    func examine() async throws -> [Finding]
    /// Does what each finding's kind says. The store must not be in use by another process.
    func repair(_ findings: [Finding]) async throws
    /// Throws unless the store answers and can be written.
    func ping() async throws
}

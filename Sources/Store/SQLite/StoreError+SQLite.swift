import GRDB

extension StoreError {
    /// The store's own error for one of the database, and any other error as it is. SQLite's words can hold values of
    /// rows, so they are not passed on.
    static func describing(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        return switch error.resultCode {
        case .SQLITE_CONSTRAINT: StoreError.taken(what: "a row")
        case .SQLITE_BUSY, .SQLITE_LOCKED: StoreError.unwritable(reason: "another program holds the database")
        case .SQLITE_FULL: StoreError.unwritable(reason: "the disk is full")
        case .SQLITE_READONLY: StoreError.unwritable(reason: "the database may not be written")
        default: StoreError.unwritable(reason: "SQLite's error \(error.extendedResultCode.rawValue)")
        }
    }
}

import Foundation

/// Bytes under random names.
///
/// A blob is staged before the row that names it is written and published after: so a crash at any moment leaves either
/// a row with its blob, or a staged blob without a row, which the next start deletes.
public protocol BlobStore: Sendable {
    /// Writes bytes that no row names yet. When it returns they are on the disk.
    func stage(_ data: Data) throws -> BlobName
    /// Moves a staged blob to where it stays, after its row was committed. Without it `read` finds the blob all the same.
    func publish(_ name: BlobName) throws
    /// - Throws: `StoreError.missingBlob`.
    func read(_ name: BlobName) throws -> Data
    /// The file that holds the bytes, for sending it without reading it into memory.
    /// - Throws: `StoreError.missingBlob`.
    func file(_ name: BlobName) throws -> URL
    /// Does nothing where there is none.
    func remove(_ name: BlobName) throws
}

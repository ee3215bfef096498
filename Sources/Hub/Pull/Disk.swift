import Foundation
import HubCache

/// The disk that blobs are written to.
public protocol Disk: Sendable {
    /// Bytes that this user may still write at a folder; nil where the system does not say.
    func freeBytes(at folder: URL) -> Int?
    /// Writes bytes at the end of a file, as many as fit.
    ///
    /// - Returns: how many were written; −1 with `errno` set when none were.
    func append(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int
}

public struct SystemDisk: Disk {
    public init() {}

    public func freeBytes(at folder: URL) -> Int? {
        // The folder may not be there yet; the disk that it will be on is.
        var folder = folder.standardizedFileURL
        while !FileManager.default.fileExists(atPath: folder.path), folder.pathComponents.count > 1 {
            folder.deleteLastPathComponent()
        }
        var facts = statvfs()
        guard statvfs(folder.path, &facts) == 0 else { return nil }
        return Int(clamping: UInt64(facts.f_bavail) &* UInt64(facts.f_frsize))
    }

    public func append(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        write(descriptor, bytes.baseAddress, bytes.count)
    }
}

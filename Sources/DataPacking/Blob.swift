import Foundation

/// Bytes on the disk: a file, or a part of one.
struct Blob: Sendable {
    let file: URL
    var part: Range<UInt64>?

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    /// - Throws: `Unreadable`, also where there are more than `limit` bytes.
    func read(limit: Int) throws(Unreadable) -> Data {
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            let range = try part ?? 0..<handle.seekToEnd()
            guard range.count <= limit else {
                throw Unreadable(description: "it has \(range.count) bytes, more than \(limit)")
            }
            try handle.seek(toOffset: range.lowerBound)
            let bytes = try handle.read(upToCount: range.count) ?? Data()
            guard bytes.count == range.count else { throw Unreadable(description: "it changed while it was read") }
            return bytes
        } catch let error as Unreadable {
            throw error
        } catch {
            throw Unreadable(description: "it could not be read")
        }
    }
}

import Foundation

/// Where pictures come from: a folder, a table, or a tar archive.
enum PictureSource {
    private typealias Listing = @Sendable (URL, ColumnNames) throws -> [Candidate]

    private static let listings: [String: Listing] = [
        "jsonl": { try TableSource.candidates($0, rows: JSONLines.rows, columns: $1) },
        "ndjson": { try TableSource.candidates($0, rows: JSONLines.rows, columns: $1) },
        "csv": { try TableSource.candidates($0, rows: DelimitedText(",").rows, columns: $1) },
        "tsv": { try TableSource.candidates($0, rows: DelimitedText("\t").rows, columns: $1) },
        "tar": { try TarSource.candidates($0, columns: $1) },
    ]

    /// Whether a file of this name can be a source.
    static func isSource(_ name: String) -> Bool { listings[PairedFiles.ending(name)] != nil }

    /// - Throws: `PackingError` where the source as a whole is unusable.
    static func candidates(_ url: URL, columns: ColumnNames) throws -> [Candidate] {
        let name = url.lastPathComponent
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw PackingError.noSuchSource(name)
        }
        if isFolder.boolValue { return try FolderSource.candidates(url, columns: columns) }
        guard let listing = listings[PairedFiles.ending(name)] else { throw PackingError.unknownKind(name) }
        do { return try listing(url, columns) } catch let error as PackingError { throw error } catch {
            throw PackingError.unreadable(name, reason: "check its permissions")
        }
    }
}

import Foundation

/// Which licences the user has accepted, for which repositories: a file that people can read.
public struct LicenseLedger: Sendable {
    private struct Entry: Codable {
        var repository: RepositoryID
        var license: String
        var accepted: Date
    }

    private let file: URL

    public init(_ file: URL) { self.file = file }

    public func isAccepted(_ license: String, of id: RepositoryID) -> Bool {
        entries.contains { $0.repository == id && $0.license == license }
    }

    /// - Throws: `HubError` of kind `.unwritable`.
    public func accept(_ license: String, of id: RepositoryID, at date: Date = Date()) throws(HubError) {
        let others = entries.filter { $0.repository != id }
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try encoder.encode(others + [Entry(repository: id, license: license, accepted: date)])
                .write(to: file, options: .atomic)
        } catch {
            throw HubError(.unwritable, "\(id)", "the accepted licence cannot be noted: \(error.localizedDescription)")
        }
    }

    private var entries: [Entry] {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let data = try? Data(contentsOf: file) else { return [] }
        return (try? decoder.decode([Entry].self, from: data)) ?? []
    }
}

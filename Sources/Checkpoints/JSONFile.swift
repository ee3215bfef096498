import Foundation

extension JSON {
    /// Larger files than this are no configuration.
    static let largestFile = 64 << 20

    /// Reads a JSON file.
    ///
    /// - Parameter name: how errors call the file.
    /// - Throws: `CheckpointError`.
    public init(file url: URL, name: String, nonFinite: Bool = false) throws {
        let data = try Data(configuration: url, name: name)
        do {
            self = try JSON(parsing: data, nonFinite: nonFinite)
        } catch {
            throw CheckpointError(.malformed, file: name, "is not JSON: \(error)")
        }
    }
}

extension Data {
    init(configuration url: URL, name: String) throws {
        let size = try? url.resourceValues(forKeys: [.fileSizeKey]).fileSize
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw CheckpointError(.missingFile, file: name, "not found")
        }
        guard let size, size <= JSON.largestFile, let data = try? Data(contentsOf: url) else {
            throw CheckpointError(.unreadable, file: name, "cannot be read, or is larger than a configuration can be")
        }
        self = data
    }
}

extension String {
    /// A name that stays in its folder.
    var isPlainFileName: Bool {
        !isEmpty && !contains("/") && !contains("\0") && !hasPrefix(".") && utf8.count < 256
    }
}

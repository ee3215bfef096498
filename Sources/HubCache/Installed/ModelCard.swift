import Foundation

/// What a repository's `README.md` says at its top, between lines of `---`.
public struct ModelCard: Hashable, Sendable {
    public var license: String?
    public var licenseURL: String?
    /// The first heading below.
    public var title: String?

    /// Reads the card in a folder; nil where there is none.
    public init?(folder: URL) {
        guard let text = try? String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8) else {
            return nil
        }
        self.init(text)
    }

    public init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        var body = lines[...]
        if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") {
            for line in lines[1..<end] {
                license = license ?? Self.value("license", line)
                licenseURL = licenseURL ?? Self.value("license_link", line)
            }
            body = lines[(end + 1)...]
        }
        title = body.first { $0.hasPrefix("# ") }.map { String($0.dropFirst(2)) }
    }

    private static func value(_ key: String, _ line: String) -> String? {
        guard line.hasPrefix("\(key):") else { return nil }
        let value = line.dropFirst(key.count + 1).trimmingCharacters(in: CharacterSet(charactersIn: " \"'"))
        return value.isEmpty ? nil : value
    }
}

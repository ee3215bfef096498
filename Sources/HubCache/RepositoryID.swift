/// The name of a repository on the hub: `OWNER/NAME`.
public struct RepositoryID: Hashable, Sendable, CustomStringConvertible {
    public let owner: String
    public let name: String

    /// Nil for what is not a repository's name: letters, digits, `-`, `_` and `.`, at most 96 of them, with neither `--`
    /// nor `..`, which neither begins nor ends with `-` or `.`.
    public init?(_ text: some StringProtocol) {
        let parts = String(text).split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, text.utf8.count <= 96, parts.allSatisfy(Self.isPlain) else { return nil }
        owner = parts[0]
        name = parts[1]
    }

    private static func isPlain(_ part: String) -> Bool {
        guard let first = part.first, let last = part.last else { return false }
        let isMade = part.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isMade && !"-.".contains(first) && !"-.".contains(last) && !part.contains("--") && !part.contains("..")
    }

    public var description: String { "\(owner)/\(name)" }
}

extension RepositoryID: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = RepositoryID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "is not OWNER/NAME")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Something with rows of its own, each found by an `Identifier`.
public protocol Entity: Sendable {
    /// What its identifiers begin with, such as `job`.
    static var prefix: String { get }
}

/// The name of a row: its kind, and 128 random bits in Crockford's base 32, such as `job_5XJ2…`. It tells nothing of the
/// row and cannot be guessed.
public struct Identifier<Of: Entity>: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let text: String

    /// A new one.
    public init() {
        text = Of.prefix + "_" + RandomText.base32(bits: 128)
    }

    /// Reads what `text` gave; nil for anything that could not be one.
    public init?(_ text: String) {
        let start = Of.prefix + "_"
        guard text.hasPrefix(start), (1...40).contains(text.utf8.count - start.utf8.count),
            text.dropFirst(start.count).utf8.allSatisfy(RandomText.isBase32)
        else { return nil }
        self.text = text
    }

    /// What the store itself wrote.
    init(stored text: String) { self.text = text }

    public var description: String { text }

    public static func < (first: Self, second: Self) -> Bool { first.text < second.text }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let identifier = Self(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected an id that begins with \(Of.prefix)_")
            )
        }
        self = identifier
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Random names, from the system's generator.
public enum RandomText {
    private static let base32 = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
    private static let base62 = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Lower-case letters and digits, 5 bits in each.
    public static func base32(bits: Int) -> String {
        characters((bits + 4) / 5, of: base32)
    }

    /// `count` letters and digits, 5.95 bits in each.
    public static func base62(_ count: Int) -> String { characters(count, of: base62) }

    static func isBase32(_ byte: UInt8) -> Bool { base32.contains(byte) }

    private static func characters(_ count: Int, of alphabet: [UInt8]) -> String {
        var generator = SystemRandomNumberGenerator()
        return String(
            decoding: (0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] },
            as: UTF8.self)
    }
}

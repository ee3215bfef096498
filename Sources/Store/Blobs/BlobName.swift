/// The random name under which the blob store keeps some bytes.
public struct BlobName: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// A new one.
    init() { text = RandomText.base32(bits: 160) }

    /// What the store itself wrote, or the name of a file; nil where it is no blob's name.
    init?(_ text: String) {
        guard text.utf8.count == 32, text.utf8.allSatisfy(RandomText.isBase32) else { return nil }
        self.text = text
    }

    init(stored text: String) { self.text = text }

    public var description: String { text }
}

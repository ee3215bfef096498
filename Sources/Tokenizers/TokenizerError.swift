/// A tokenizer's files are missing or do not mean what they should.
public struct TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        /// A file that the tokenizer needs is not there or cannot be read.
        case missingFile
        /// A file is there and is not what its format says.
        case malformedFile
        /// A special token is named, and the vocabulary does not have it.
        case unknownToken
        /// A file could not be written.
        case unwritableFile
    }

    public let kind: Kind
    /// The culprit, relative to the tokenizer's folder: `vocab.json`.
    public let file: String
    /// What was wrong, what was expected, what to do.
    public let message: String

    public init(_ kind: Kind, file: String, _ message: String) {
        self.kind = kind
        self.file = file
        self.message = message
    }

    public var description: String { "\(file): \(message)" }
}

/// A file of a model cannot be used: which file, which key in it, what was wrong and what was expected.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        /// The file or folder is not there.
        case missingFile
        /// The file is there and cannot be opened or read.
        case unreadable
        /// The file ends before the place where its header says it ends.
        case truncated
        /// The file is not what its format says.
        case malformed
        /// The file is right and holds something that Limn does not read.
        case unsupported
        /// The folder is not a model folder.
        case notAModel
        /// A key is asked for that the file does not have.
        case missingKey
        /// A configuration that no network can be built from.
        case invalidConfiguration
        /// The file cannot be written.
        case unwritable
    }

    public let kind: Kind
    /// The culprit, relative to the model folder: `decoder/config.json`.
    public let file: String
    /// The key or tensor in the file, where it is about one.
    public let key: String?
    /// What was wrong, what was expected, what to do.
    public let message: String

    public init(_ kind: Kind, file: String, key: String? = nil, _ message: String) {
        self.kind = kind
        self.file = file
        // A hostile key can be megabytes long.
        self.key = key.map { $0.count > 120 ? $0.prefix(120) + "…" : $0 }
        self.message = message
    }

    public var description: String {
        key.map { "\(file): \"\($0)\": \(message)" } ?? "\(file): \(message)"
    }
}

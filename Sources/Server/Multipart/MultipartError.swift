/// Why a body is no usable `multipart/form-data`.
public enum MultipartError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The media type is another.
    case notMultipart
    case noBoundary
    /// What was expected at the place where the body went wrong, in bytes from its start.
    case damaged(expected: String, at: Int)
    case tooManyParts(limit: Int)
    case partTooLarge(name: String, limit: Int)
    case headerTooLarge(limit: Int)

    public var description: String {
        switch self {
        case .notMultipart: "the body must be multipart/form-data"
        case .noBoundary: "Content-Type names no boundary of 1 to 70 characters; send multipart/form-data; boundary=…"
        case .damaged(let expected, let place): "the form is damaged at byte \(place): expected \(expected)"
        case .tooManyParts(let limit): "the form has more than \(limit) parts"
        case .partTooLarge(let name, let limit): "part '\(name)' has more than \(limit) bytes"
        case .headerTooLarge(let limit): "the header of a part has more than \(limit) bytes"
        }
    }
}

public struct MultipartLimits: Hashable, Sendable {
    public var parts: Int
    public var partBytes: Int
    /// Of each part's header.
    public var headerBytes: Int

    public init(parts: Int = 32, partBytes: Int = 4 << 20, headerBytes: Int = 8 << 10) {
        self.parts = parts
        self.partBytes = partBytes
        self.headerBytes = headerBytes
    }
}

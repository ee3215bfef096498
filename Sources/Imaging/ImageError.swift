import Foundation

/// Why a picture could not be read, changed or written.
///
/// The description says what was wrong, what was expected and what to do. It never quotes the picture's bytes.
public enum ImageError: Error, Equatable, Sendable {
    /// The bytes are not PNG, JPEG or WebP; there may be none at all.
    case unsupportedFormat
    /// The encoded picture is larger than `DecodeLimits.maxBytes`.
    case tooManyBytes(count: Int, limit: Int)
    /// The header declares more pixels than `DecodeLimits.maxPixels`; nothing was decoded.
    case tooManyPixels(width: Int, height: Int, limit: Int)
    /// The bytes start like `format` and cannot be decoded: cut short or damaged.
    case damaged(format: ImageFormat, detail: String)
    /// An argument outside what the function takes.
    case invalidArgument(String)
    /// A metadata entry that the file formats cannot carry.
    case invalidMetadata(String)
    /// The picture does not fit in the format, or the encoder gave up.
    case encodingFailed(format: String, detail: String)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    /// libvips could not be started, or lacks what is needed.
    case unavailable(String)
}

extension ImageError: CustomStringConvertible, LocalizedError {
    public var description: String {
        switch self {
        case .unsupportedFormat:
            "This is not a PNG, JPEG or WebP picture. Convert it to one of these."
        case .tooManyBytes(let count, let limit):
            "The picture's file has \(count) bytes; at most \(limit) are taken. Send a smaller file."
        case .tooManyPixels(let width, let height, let limit):
            "The picture has \(width) × \(height) pixels; at most \(limit) in all are taken. Send a smaller picture."
        case .damaged(let format, let detail):
            "The \(format.name) picture is damaged or cut short\(detail.isEmpty ? "" : " (\(detail))"). Send it again."
        case .invalidArgument(let what):
            what
        case .invalidMetadata(let what):
            "The metadata cannot be written: \(what)"
        case .encodingFailed(let format, let detail):
            "The picture could not be written as \(format): \(detail)"
        case .unreadable(let path, let reason):
            "\(path) could not be read: \(reason). Check the name and its permissions."
        case .unwritable(let path, let reason):
            "\(path) could not be written: \(reason). Choose another place, or make room and allow writing there."
        case .unavailable(let detail):
            "libvips is not usable: \(detail). Install libvips 8.12 or later."
        }
    }

    public var errorDescription: String? { description }
}

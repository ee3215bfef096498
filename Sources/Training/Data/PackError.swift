import Foundation

/// What is wrong with a pack of pictures.
public enum PackError: Error, CustomStringConvertible, Sendable, Equatable {
    case notAPack(folder: String, reason: String)
    case damaged(file: String, reason: String)
    case noSuchSize(Int, available: [Int])
    case empty(String)
    /// There is something else where the pack should be.
    case occupied(folder: String)
    case unwritable(folder: String, reason: String)

    public var description: String {
        switch self {
        case .notAPack(let folder, let reason):
            "\(folder) is not a pack of pictures: \(reason); make one with `limn data pack`"
        case .damaged(let file, let reason): "the pack's \(file) is damaged: \(reason); pack the pictures again"
        case .noSuchSize(let size, let available):
            "the pack has no pictures of \(size) pixels, only of \(available.map(String.init).joined(separator: ", ")); "
                + "pack again with --size \(size)"
        case .empty(let what): "the pack has no pictures \(what)"
        case .occupied(let folder):
            "\(folder) exists and is not a pack, so it is not replaced; name a folder that does not exist yet"
        case .unwritable(let folder, let reason):
            "the pack \(folder) could not be written: \(reason); choose another place, or make room and allow writing there"
        }
    }

    /// With the system's own words ("No space left on device") where there are some.
    static func unwritable(folder: String, _ error: any Error) -> PackError {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        let words = underlying.domain == NSPOSIXErrorDomain ? strerror(Int32(truncatingIfNeeded: underlying.code)) : nil
        return .unwritable(folder: folder, reason: words.map { String(cString: $0) } ?? "the system refused")
    }
}

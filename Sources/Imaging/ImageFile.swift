import Foundation

/// Files of encoded pictures.
enum ImageFile {
    /// - Throws: `ImageError.unreadable` (also for anything but a regular file), `.tooManyBytes`.
    static func read(_ file: URL, limits: DecodeLimits) throws -> Data {
        do {
            let facts = try FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)
            guard facts[.type] as? FileAttributeType == .typeRegular else {
                throw ImageError.unreadable(path: file.path, reason: "it is not a file")
            }
            let count = (facts[.size] as? NSNumber)?.intValue ?? 0
            guard count <= limits.maxBytes else {
                throw ImageError.tooManyBytes(count: count, limit: limits.maxBytes)
            }
            return try Data(contentsOf: file)
        } catch let error as CocoaError {
            throw ImageError.unreadable(path: file.path, reason: reason(error))
        }
    }

    /// - Throws: `ImageError.unwritable`. Then nothing is left behind, and a file that was there is untouched.
    static func write(_ data: Data, to file: URL) throws {
        let beside = file.deletingLastPathComponent()
            .appendingPathComponent(".\(file.lastPathComponent.prefix(64)).\(UUID().uuidString.prefix(8))")
        do {
            try data.write(to: beside, options: .withoutOverwriting)
        } catch {
            try? FileManager.default.removeItem(at: beside)
            throw ImageError.unwritable(path: file.path, reason: reason(error))
        }
        guard rename(beside.path, file.path) == 0 else {
            let reason = String(cString: strerror(errno))
            try? FileManager.default.removeItem(at: beside)
            throw ImageError.unwritable(path: file.path, reason: reason)
        }
    }

    /// The system's words where there are some: "Permission denied" says more than "could not be saved".
    private static func reason(_ error: any Error) -> String {
        if let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code,
            let words = strerror(Int32(truncatingIfNeeded: code))
        {
            return String(cString: words)
        }
        return switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file or folder"
        case .fileReadNoPermission?, .fileWriteNoPermission?: "permission denied"
        case .fileWriteOutOfSpace?: "the disk is full"
        default: "the system refused"
        }
    }
}

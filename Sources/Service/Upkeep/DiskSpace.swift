import Foundation
import Synchronization

/// How full the data folder's disk is.
public final class DiskSpace: Sendable {
    private let folder: URL
    private let reserve: Int
    private let clock: WallClock
    private let last = Mutex<(date: Date, free: Int)>((.distantPast, 0))

    init(folder: URL, reserve: Int, clock: WallClock) {
        self.folder = folder
        self.reserve = reserve
        self.clock = clock
    }

    /// Free bytes, looked up every few seconds; nil where the system does not say.
    public var free: Int? {
        let now = clock.now()
        return last.withLock { last in
            if abs(now.timeIntervalSince(last.date)) < 5 { return last.free }
            guard let free = Self.attribute(.systemFreeSize, of: folder) else { return nil }
            last = (now, free)
            return free
        }
    }

    public var total: Int? { Self.attribute(.systemSize, of: folder) }

    /// Whether more than the reserve is free.
    public var hasRoom: Bool { free.map { $0 > reserve } ?? true }

    private static func attribute(_ key: FileAttributeKey, of folder: URL) -> Int? {
        let values = try? FileManager.default.attributesOfFileSystem(forPath: folder.path)
        return (values?[key] as? NSNumber)?.intValue
    }
}

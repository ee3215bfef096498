import Checkpoints
import Crypto
import Foundation

/// What tells whether two model folders hold the same model.
///
/// The SHA-256, in hexadecimal, of a list as `sha256sum` prints it: for every file that a model is made of (its
/// configurations, vocabularies and weights, not its card), sorted by path, a line of the file's SHA-256, two spaces and
/// the path in the folder.
public struct ModelDigest: Sendable {
    /// What parts of a model are called.
    private static let extensions: Set<String> = [
        "json", "txt", "model", "safetensors", "bin", "pt", "ckpt", "msgpack",
    ]

    private let cache: FileDigestCache?

    /// - Parameter cache: a file that keeps what was computed, by path, size and date, so that gigabytes are read once;
    ///   by default in the user's cache folder. Nil: nothing is kept.
    public init(cache: URL? = Self.usualCache) {
        self.cache = cache.map(FileDigestCache.init)
    }

    public static let usualCache: URL? = FileManager.default
        .urls(for: .cachesDirectory, in: .userDomainMask).first?.appending(path: "limn/digests.json")

    /// - Throws: `CheckpointError` of kind `.unreadable` that names the file.
    public func digest(of folder: URL) throws -> String {
        let files = FileManager.default
        let paths = (try? files.subpathsOfDirectory(atPath: folder.path)) ?? []
        var known = cache?.read() ?? [:]
        let before = known
        var lines = ""
        for path in paths.sorted() where Self.isPart(path) {
            let file = folder.appending(path: path).resolvingSymlinksInPath()
            guard let facts = try? files.attributesOfItem(atPath: file.path),
                facts[.type] as? FileAttributeType == .typeRegular
            else { continue }
            let stamp = FileDigestCache.Entry(facts)
            let digest: String
            if let entry = known[file.path], entry.isSame(file: stamp) {
                digest = entry.digest
            } else {
                digest = try Self.digest(ofFile: file, named: path)
                known[file.path] = stamp.with(digest)
            }
            lines += "\(digest)  \(path)\n"
        }
        if known != before { cache?.write(known) }
        return SHA256.hash(data: Data(lines.utf8)).hexadecimal
    }

    private static func isPart(_ path: String) -> Bool {
        let names = path.split(separator: "/")
        guard !names.contains(where: { $0.hasPrefix(".") }), let name = names.last else { return false }
        return extensions.contains((String(name) as NSString).pathExtension)
    }

    private static func digest(ofFile file: URL, named name: String) throws -> String {
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            var hash = SHA256()
            while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
            return hash.finalize().hexadecimal
        } catch {
            throw CheckpointError(.unreadable, file: name, "cannot be read: \(error.localizedDescription)")
        }
    }
}

/// Digests of files, kept in a file. Losing it costs time and nothing else, so its errors are passed over.
private struct FileDigestCache: Sendable {
    struct Entry: Codable, Hashable {
        var size: Int
        var modified: Double
        var digest: String

        init(_ facts: [FileAttributeKey: Any]) {
            size = (facts[.size] as? NSNumber)?.intValue ?? 0
            modified = (facts[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate ?? 0
            digest = ""
        }

        func isSame(file other: Entry) -> Bool { (size, modified) == (other.size, other.modified) }

        func with(_ digest: String) -> Entry {
            var entry = self
            entry.digest = digest
            return entry
        }
    }

    let file: URL

    func read() -> [String: Entry] {
        guard let data = try? Data(contentsOf: file) else { return [:] }
        return (try? JSONDecoder().decode([String: Entry].self, from: data)) ?? [:]
    }

    func write(_ entries: [String: Entry]) {
        let kept = entries.filter { FileManager.default.fileExists(atPath: $0.key) }
        let folder = file.deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard let data = try? JSONEncoder().encode(kept) else { return }
        try? AtomicFile.write(data, to: file)
    }
}

extension SHA256.Digest {
    fileprivate var hexadecimal: String { map { String(format: "%02x", $0) }.joined() }
}

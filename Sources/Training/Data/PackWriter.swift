import Foundation

/// Writes a pack: pictures at every training size, decoded once, beside their captions.
///
/// A pack is a folder: `pack.json` (format, count, sizes), `rows.jsonl` (a `PackedRow` a line), and for each size s
/// `pictures-s.pack` (one zlib record a picture: s × s pixels, RGBA, colours multiplied by alpha) with
/// `pictures-s.index` (little-endian UInt64 offsets of the records, and the end). Reading it needs no picture codec.
public final class PackWriter {
    private let destination: URL
    private let partial: URL
    private let sizes: [Int]
    private let rows: FileHandle
    private var pictures: [FileHandle] = []
    private var offsets: [[UInt64]]
    private var count = 0
    private let encoder: JSONEncoder

    /// Begins a pack beside `folder`; nothing is at `folder` until `finish()`.
    /// - Throws: `PackError.occupied` where `folder` is something that `finish()` must not replace; `.unwritable`.
    public init(folder: URL, sizes: [Int]) throws {
        destination = folder.standardizedFileURL
        self.sizes = sizes.sorted()
        offsets = sizes.map { _ in [0] }
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let name = destination.lastPathComponent
        let partial = destination.deletingLastPathComponent().appending(path: ".\(name).partial")
        self.partial = partial
        guard Self.canReplace(destination) else { throw PackError.occupied(folder: name) }
        do {
            let files = FileManager.default
            if files.fileExists(atPath: partial.path) { try files.removeItem(at: partial) }
            try files.createDirectory(at: partial, withIntermediateDirectories: true)
            rows = try Self.create(partial.appending(path: "rows.jsonl"))
            pictures = try self.sizes.map { try Self.create(partial.appending(path: "pictures-\($0).pack")) }
        } catch {
            throw PackError.unwritable(folder: name, error)
        }
    }

    /// Adds a picture.
    /// - Parameter pixels: gives, for a size, its size · size · 4 bytes: RGBA, colours multiplied by alpha.
    public func append(_ row: PackedRow, pixels: (Int) throws -> [UInt8]) throws {
        try append(PackedPicture(row, sizes: sizes, pixels: pixels))
    }

    /// Adds a picture that was prepared elsewhere, at the sizes of this pack.
    public func append(_ picture: PackedPicture) throws {
        guard picture.sizes == sizes else {
            throw PackError.damaged(file: picture.row.id, reason: "expected the sizes \(sizes), got \(picture.sizes)")
        }
        let line = try encoder.encode(picture.row) + [UInt8(ascii: "\n")]
        try writing {
            for (index, record) in picture.records.enumerated() {
                try pictures[index].write(contentsOf: record)
                offsets[index].append((offsets[index].last ?? 0) + UInt64(record.count))
            }
            try rows.write(contentsOf: line)
        }
        count += 1
    }

    /// Completes the pack and moves it into place, replacing an older one.
    public func finish() throws {
        let facts = try encoder.encode(PackFacts(format: PackFacts.currentFormat, count: count, sizes: sizes))
        try writing {
            try rows.close()
            for (index, size) in sizes.enumerated() {
                try pictures[index].close()
                let bytes = offsets[index].flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
                try Data(bytes).write(to: partial.appending(path: "pictures-\(size).index"))
            }
            try facts.write(to: partial.appending(path: PackFacts.fileName))
            let files = FileManager.default
            if files.fileExists(atPath: destination.path) { try files.removeItem(at: destination) }
            try files.moveItem(at: partial, to: destination)
        }
    }

    /// Removes what was written so far.
    public func abandon() { try? FileManager.default.removeItem(at: partial) }

    /// Only an older pack, an empty folder, or nothing: whatever else is there is not ours to remove.
    private static func canReplace(_ folder: URL) -> Bool {
        let files = FileManager.default
        guard files.fileExists(atPath: folder.path) else { return true }
        guard let names = try? files.contentsOfDirectory(atPath: folder.path) else { return false }
        let ours = names.allSatisfy { name in
            [PackFacts.fileName, "rows.jsonl"].contains(name)
                || name.hasPrefix("pictures-") && [".pack", ".index"].contains { name.hasSuffix($0) }
        }
        return names.isEmpty || ours && names.contains(PackFacts.fileName)
    }

    private static func create(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }

    private func writing(_ body: () throws -> Void) throws {
        do { try body() } catch {
            throw PackError.unwritable(folder: destination.lastPathComponent, error)
        }
    }
}

/// `pack.json`.
struct PackFacts: Codable {
    static let fileName = "pack.json"
    static let currentFormat = 1
    var format: Int
    var count: Int
    var sizes: [Int]
}

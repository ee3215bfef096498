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
    private var pictures: [Int: FileHandle] = [:]
    private var offsets: [Int: [UInt64]] = [:]
    private var ends: [Int: UInt64] = [:]
    private var count = 0
    private let encoder: JSONEncoder

    /// Begins a pack beside `folder`; nothing is at `folder` until `finish()`.
    public init(folder: URL, sizes: [Int]) throws {
        destination = folder
        self.sizes = sizes.sorted()
        partial = folder.deletingLastPathComponent().appending(path: ".\(folder.lastPathComponent).partial")
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let files = FileManager.default
        try? files.removeItem(at: partial)
        try files.createDirectory(at: partial, withIntermediateDirectories: true)
        rows = try Self.create(partial.appending(path: "rows.jsonl"))
        for size in sizes {
            pictures[size] = try Self.create(partial.appending(path: "pictures-\(size).pack"))
            offsets[size] = [0]
        }
    }

    /// Adds a picture.
    /// - Parameter pixels: gives, for a size, its size · size · 4 bytes: RGBA, colours multiplied by alpha.
    public func append(_ row: PackedRow, pixels: (Int) throws -> [UInt8]) throws {
        let records = try sizes.map { size in
            let bytes = try pixels(size)
            guard bytes.count == size * size * 4 else {
                throw PackError.damaged(file: row.id, reason: "expected \(size * size * 4) bytes, got \(bytes.count)")
            }
            return Deflate.compress(bytes)
        }
        for (size, record) in zip(sizes, records) {
            try pictures[size]?.write(contentsOf: record)
            ends[size, default: 0] += UInt64(record.count)
            offsets[size]?.append(ends[size, default: 0])
        }
        try rows.write(contentsOf: encoder.encode(row) + [UInt8(ascii: "\n")])
        count += 1
    }

    /// Completes the pack and moves it into place, replacing an older one.
    public func finish() throws {
        try rows.close()
        for size in sizes {
            try pictures[size]?.close()
            let bytes = (offsets[size] ?? []).flatMap { value in
                withUnsafeBytes(of: value.littleEndian) { Array($0) }
            }
            try Data(bytes).write(to: partial.appending(path: "pictures-\(size).index"))
        }
        let facts = PackFacts(format: PackFacts.currentFormat, count: count, sizes: sizes)
        try encoder.encode(facts).write(to: partial.appending(path: PackFacts.fileName))
        let files = FileManager.default
        if files.fileExists(atPath: destination.path) { try files.removeItem(at: destination) }
        try files.moveItem(at: partial, to: destination)
    }

    /// Removes what was written so far.
    public func abandon() { try? FileManager.default.removeItem(at: partial) }

    private static func create(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
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

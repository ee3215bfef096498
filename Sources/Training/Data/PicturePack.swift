import Foundation

/// Captioned pictures as `PackWriter` wrote them, mapped into memory.
public final class PicturePack {
    /// RGBA pixels of one picture, colours multiplied by alpha: over a ground g a pixel is rgb + (1 − alpha) · g.
    public struct Pixels {
        public let size: Int
        public let bytes: [UInt8]
    }

    private struct Records {
        let data: Data
        let offsets: [UInt64]
    }

    public let rows: [PackedRow]
    public let sizes: [Int]
    private let records: [Int: Records]

    public init(folder: URL) throws {
        let facts = try Self.facts(folder)
        sizes = facts.sizes
        let lines = try Data(contentsOf: folder.appending(path: "rows.jsonl")).split(separator: UInt8(ascii: "\n"))
        let decoder = JSONDecoder()
        rows = try lines.map { line in
            do { return try decoder.decode(PackedRow.self, from: line) } catch {
                throw PackError.damaged(file: "rows.jsonl", reason: "a line is not a row")
            }
        }
        guard rows.count == facts.count, rows.allSatisfy({ !$0.captions.isEmpty }) else {
            throw PackError.damaged(file: "rows.jsonl", reason: "it should have \(facts.count) rows with captions")
        }
        records = try Dictionary(
            uniqueKeysWithValues: facts.sizes.map { ($0, try Self.records(folder, size: $0, count: facts.count)) })
    }

    /// The rows of a split, by number.
    public func indices(split: String) -> [Int] { rows.indices.filter { rows[$0].split == split } }

    /// One picture at one of the pack's sizes.
    public func pixels(_ index: Int, size: Int) throws -> Pixels {
        guard let records = records[size] else { throw PackError.noSuchSize(size, available: sizes) }
        let range = Int(records.offsets[index])..<Int(records.offsets[index + 1])
        let bytes = records.data.withUnsafeBytes {
            Deflate.expand(UnsafeRawBufferPointer(rebasing: $0[range]), count: size * size * 4)
        }
        guard let bytes else {
            throw PackError.damaged(file: "pictures-\(size).pack", reason: "record \(index) does not unpack")
        }
        return Pixels(size: size, bytes: bytes)
    }

    private static func facts(_ folder: URL) throws -> PackFacts {
        guard let data = try? Data(contentsOf: folder.appending(path: PackFacts.fileName)) else {
            throw PackError.notAPack(folder: folder.lastPathComponent, reason: "it has no \(PackFacts.fileName)")
        }
        guard let facts = try? JSONDecoder().decode(PackFacts.self, from: data),
            facts.format == PackFacts.currentFormat
        else {
            throw PackError.notAPack(folder: folder.lastPathComponent, reason: "its format is not the one expected")
        }
        return facts
    }

    private static func records(_ folder: URL, size: Int, count: Int) throws -> Records {
        let data = try Data(contentsOf: folder.appending(path: "pictures-\(size).pack"), options: .alwaysMapped)
        let index = try Data(contentsOf: folder.appending(path: "pictures-\(size).index"))
        guard index.count == (count + 1) * 8 else {
            throw PackError.damaged(
                file: "pictures-\(size).index", reason: "its length is not that of \(count) records")
        }
        let offsets = index.withUnsafeBytes { bytes in
            (0...count).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        }
        guard offsets.last == UInt64(data.count), zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw PackError.damaged(file: "pictures-\(size).pack", reason: "its length is not what its index says")
        }
        return Records(data: data, offsets: offsets)
    }
}

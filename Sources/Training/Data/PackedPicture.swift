/// A picture ready to be appended to a pack: its row, and its pixels at every size, compressed.
///
/// Making one is the costly part of packing and needs no writer, so it can be done on any thread.
public struct PackedPicture: Sendable {
    public let row: PackedRow
    /// One record a size, in the order of the sizes.
    let records: [[UInt8]]
    let sizes: [Int]

    /// - Parameter pixels: gives, for a size, its size · size · 4 bytes: RGBA, colours multiplied by alpha.
    /// - Throws: `PackError.damaged` where it gives another count of bytes, and what it throws.
    public init(_ row: PackedRow, sizes: [Int], pixels: (Int) throws -> [UInt8]) throws {
        self.row = row
        self.sizes = sizes.sorted()
        records = try self.sizes.map { size in
            let bytes = try pixels(size)
            guard bytes.count == size * size * 4 else {
                throw PackError.damaged(file: row.id, reason: "expected \(size * size * 4) bytes, got \(bytes.count)")
            }
            return Deflate.compress(bytes)
        }
    }
}

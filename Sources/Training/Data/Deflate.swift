import CZlib

/// zlib's compression of one record (RFC 1950).
enum Deflate {
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(size))
        // Cannot fail: the bound is room enough and the level is a valid one.
        compress2(&result, &size, bytes, uLong(bytes.count), 6)
        return Array(result.prefix(Int(size)))
    }

    /// The record's `count` bytes, or nil where it is damaged.
    static func expand(_ bytes: UnsafeRawBufferPointer, count: Int) -> [UInt8]? {
        var size = uLong(count)
        var intact = false
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let code = uncompress(buffer.baseAddress, &size, bytes.baseAddress, uLong(bytes.count))
            intact = code == Z_OK && size == count
            filled = intact ? count : 0
        }
        return intact ? result : nil
    }

    /// The CRC-32 that PNG puts behind every chunk.
    static func checksum(_ bytes: [UInt8]) -> UInt32 { UInt32(crc32(0, bytes, uInt(bytes.count))) }
}

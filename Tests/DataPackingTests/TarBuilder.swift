import Foundation

/// Builds tar archives, well-formed ones and others.
struct TarBuilder {
    private(set) var bytes = Data()

    mutating func add(
        _ name: String, _ content: Data = Data(), kind: Character = "0", prefix: String = "", gnu: Bool = false
    ) {
        let size = Data(
            (String(repeating: "0", count: 11 - String(content.count, radix: 8).count)
                + String(content.count, radix: 8) + "\0").utf8)
        add(name, content, kind: kind, prefix: prefix, gnu: gnu, size: size)
    }

    /// - Parameter size: the field of 12 bytes as it is.
    mutating func add(
        _ name: String, _ content: Data = Data(), kind: Character = "0", prefix: String = "", gnu: Bool = false,
        size: Data
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ field: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in field.enumerated() { block[offset + index] = byte }
        }
        put(name.utf8.prefix(100), at: 0)
        put("0000644\0".utf8, at: 100)
        put(size, at: 124)
        put("        ".utf8, at: 148)
        put(String(kind).utf8, at: 156)
        put((gnu ? "ustar  \0" : "ustar\u{0}00").utf8, at: 257)
        put(prefix.utf8.prefix(155), at: 345)
        let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
        put((String(repeating: "0", count: 6 - sum.count) + sum + "\0 ").utf8, at: 148)
        bytes += Data(block) + content + Data(count: (512 - content.count % 512) % 512)
    }

    /// One pax record: its length counts itself.
    static func record(_ key: String, _ value: String) -> Data {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return Data("\(length)\(rest)".utf8)
    }

    mutating func addRaw(_ block: Data) { bytes += block }

    /// With the two empty blocks that end an archive.
    var ended: Data { bytes + Data(count: 1024) }
}

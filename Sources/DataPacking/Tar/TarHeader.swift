/// One 512-byte header block of a tar archive (POSIX.1-2001 "ustar", and GNU's variant of it).
struct TarHeader {
    static let blockSize = 512

    enum Kind: Equatable {
        case file
        /// A folder, link or device: no content follows.
        case other
        /// Records about the next member (pax `x`).
        case extended
        /// Records about all members (pax `g`).
        case global
        /// The next member's name (GNU `L`).
        case longName
        /// The next member's link target (GNU `K`).
        case longLink
        /// A file with holes (GNU `S`).
        case sparse
    }

    let path: String
    /// Bytes of content behind the header.
    let size: Int
    let kind: Kind

    /// Nil if the checksum or the size is not one.
    init?(_ block: [UInt8]) {
        guard block.count == Self.blockSize, let checksum = Self.number(block[148..<156]) else { return nil }
        // The checksum's own field counts as spaces. Some old writers summed signed bytes.
        let rest = block[..<148] + block[156...]
        let isSum = checksum == rest.reduce(8 * 32) { $0 + Int($1) }
        guard isSum || checksum == rest.reduce(8 * 32, { $0 + Int(Int8(bitPattern: $1)) }),
            let size = Self.number(block[124..<136])
        else { return nil }
        kind = Self.kind(block[156])
        self.size = kind == .other ? 0 : size
        let name = Self.text(block[..<100])
        // GNU's "ustar  " puts other things where POSIX has the prefix.
        let prefix = block[257..<263].elementsEqual(Array("ustar\0".utf8)) ? Self.text(block[345..<500]) : ""
        path = prefix.isEmpty ? name : prefix + "/" + name
    }

    private static func kind(_ flag: UInt8) -> Kind {
        switch Character(Unicode.Scalar(flag)) {
        case "0", "7", "\0": .file
        case "x": .extended
        case "g": .global
        case "L": .longName
        case "K": .longLink
        case "S": .sparse
        case "1", "2", "3", "4", "5", "6": .other
        // POSIX: read what is unknown as a plain file.
        default: .file
        }
    }

    static func text(_ field: some Sequence<UInt8>) -> String {
        String(decoding: Array(field.prefix { $0 != 0 }), as: UTF8.self)
    }

    /// Octal digits between spaces and NULs or, with the top bit set, a big-endian binary number. Nil for anything else.
    static func number(_ field: ArraySlice<UInt8>) -> Int? {
        guard let first = field.first else { return nil }
        if first & 0x80 != 0 { return binary(first, field.dropFirst()) }
        let isPadding: (UInt8) -> Bool = { $0 == 0 || $0 == UInt8(ascii: " ") }
        let digits = field.drop(while: isPadding).prefix { !isPadding($0) }
        guard field[digits.endIndex...].allSatisfy(isPadding) else { return nil }
        return digits.isEmpty ? 0 : Int(String(decoding: digits, as: UTF8.self), radix: 8).flatMap { $0 < 0 ? nil : $0 }
    }

    private static func binary(_ first: UInt8, _ rest: ArraySlice<UInt8>) -> Int? {
        guard first & 0x40 == 0 else { return nil }
        var value = Int(first & 0x3F)
        for byte in rest {
            guard value <= Int.max >> 8 else { return nil }
            value = value << 8 | Int(byte)
        }
        return value
    }
}

import CZlib
import Foundation

/// A ZIP archive that is written from front to back (PKWARE's APPNOTE 6.3). Pictures are compressed already, so they are
/// stored as they are.
struct ZipArchive {
    private var directory: [UInt8] = []
    private var count = 0
    private var offset = 0

    /// A file's header and bytes, to be written next.
    mutating func add(_ name: String, _ data: Data, date: Date) -> [UInt8] {
        let sum = data.withUnsafeBytes { crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, UInt32($0.count)) }
        // Version 2.0, names in UTF-8 (bit 11), stored.
        var common: [UInt8] = []
        common.append(numbers: 20, 1 << 11, 0, Self.time(date), Self.day(date))
        common.append(words: Int(sum), data.count, data.count)
        common.append(numbers: name.utf8.count, 0)

        var local: [UInt8] = []
        local.append(words: 0x0403_4b50)
        local += common + name.utf8 + data

        directory.append(words: 0x0201_4b50)
        directory.append(numbers: 20)
        directory += common
        // No comment, first disk, no attributes; then where the file begins.
        directory.append(numbers: 0, 0, 0)
        directory.append(words: 0, offset)
        directory += name.utf8
        count += 1
        offset += local.count
        return local
    }

    /// The list of files, which ends the archive.
    func finish() -> [UInt8] {
        var end = directory
        end.append(words: 0x0605_4b50)
        end.append(numbers: 0, 0, count, count)
        end.append(words: directory.count, offset)
        end.append(numbers: 0)
        return end
    }

    private static func parts(_ date: Date) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
    }

    private static func time(_ date: Date) -> Int {
        let parts = parts(date)
        return parts.hour! << 11 | parts.minute! << 5 | parts.second! / 2
    }

    private static func day(_ date: Date) -> Int {
        let parts = parts(date)
        return max(0, parts.year! - 1980) << 9 | parts.month! << 5 | parts.day!
    }
}

extension [UInt8] {
    /// 16 bits each, little-endian.
    fileprivate mutating func append(numbers: Int...) {
        for number in numbers { self += [UInt8(number & 0xff), UInt8(number >> 8 & 0xff)] }
    }

    /// 32 bits each, little-endian.
    fileprivate mutating func append(words: Int...) {
        for word in words { append(numbers: word & 0xffff, word >> 16 & 0xffff) }
    }
}

import Foundation

/// What the files of a tar archive are called and where they lie; their contents stay on the disk.
///
/// Reads ustar, pax and GNU archives, not compressed. Where an archive is cut short or damaged,
/// the files before that are kept and `fault` says what is wrong.
struct TarArchive: Sendable {
    struct Member: Sendable, Equatable {
        let path: String
        let range: Range<UInt64>
    }

    enum Fault: Error, Equatable, CustomStringConvertible {
        case cutShort(members: Int)
        case malformed(members: Int, String)

        var description: String {
            switch self {
            case .cutShort(let members): "the archive is cut short after \(members) files"
            case .malformed(let members, let what): "the archive is damaged after \(members) files: \(what)"
            }
        }
    }

    let members: [Member]
    let fault: Fault?

    /// - Throws: where the file cannot be opened or read.
    init(file: URL) throws {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        var scan = try TarScan(handle)
        var fault: Fault?
        do { try scan.run() } catch let found as Fault { fault = found }
        members = scan.members
        self.fault = fault
    }
}

/// One pass over the headers.
private struct TarScan {
    /// Of a block of names or records; real ones are below a few kilobytes.
    private static let maxRecords = 1 << 20

    private(set) var members: [TarArchive.Member] = []
    private let handle: FileHandle
    private let end: UInt64
    private var offset: UInt64 = 0
    /// What the blocks before a member said of it.
    private var path: String?
    private var size: Int?

    init(_ handle: FileHandle) throws {
        self.handle = handle
        end = try handle.seekToEnd()
    }

    mutating func run() throws {
        while let header = try nextHeader() {
            switch header.kind {
            case .extended: try takeRecords(content(header))
            case .longName: path = TarHeader.text(try content(header))
            case .global, .longLink: _ = try content(header)
            case .sparse: throw malformed("files with holes are not supported; pack it again without --sparse")
            case .file, .other: try takeMember(header)
            }
        }
    }

    private mutating func nextHeader() throws -> TarHeader? {
        let block = try read(TarHeader.blockSize)
        if block.allSatisfy({ $0 == 0 }) { return nil }
        guard let header = TarHeader(block) else { throw malformed("a header's checksum is wrong") }
        return header
    }

    private mutating func takeMember(_ header: TarHeader) throws {
        let count = header.kind == .other ? 0 : size ?? header.size
        let start = offset
        try skip(count)
        if header.kind == .file {
            var name = path ?? header.path
            while name.hasPrefix("./") { name.removeFirst(2) }
            members.append(TarArchive.Member(path: name, range: start..<start + UInt64(count)))
        }
        (path, size) = (nil, nil)
    }

    /// Pax records: "LENGTH KEY=VALUE\n", the length counting all of it.
    private mutating func takeRecords(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0 != UInt8(ascii: " ") }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), length > digits.count + 1,
                length <= rest.count, let equals = rest.prefix(length).firstIndex(of: UInt8(ascii: "="))
            else { throw malformed("an extended header is not one") }
            let key = String(decoding: rest[(digits.endIndex + 1)..<max(equals, digits.endIndex + 1)], as: UTF8.self)
            let value = rest[(equals + 1)..<max(equals + 1, rest.startIndex + length - 1)]
            if key == "path" { path = TarHeader.text(value) }
            if key == "size" {
                guard let number = Int(String(decoding: value, as: UTF8.self)), number >= 0 else {
                    throw malformed("an extended header's size is not a number")
                }
                size = number
            }
            rest = rest.dropFirst(length)
        }
    }

    private mutating func content(_ header: TarHeader) throws -> [UInt8] {
        guard header.size <= Self.maxRecords else { throw malformed("an extended header is too long") }
        let start = offset
        try skip(header.size)
        let next = offset
        offset = start
        defer { offset = next }
        return try read(header.size)
    }

    /// Past the content and its padding. A last block that lacks only padding is taken.
    private mutating func skip(_ count: Int) throws {
        guard UInt64(count) <= end - offset else { throw TarArchive.Fault.cutShort(members: members.count) }
        let block = UInt64(TarHeader.blockSize)
        offset = min(end, (offset + UInt64(count) + block - 1) / block * block)
    }

    private mutating func read(_ count: Int) throws -> [UInt8] {
        guard UInt64(count) <= end - offset else { throw TarArchive.Fault.cutShort(members: members.count) }
        try handle.seek(toOffset: offset)
        let bytes = try handle.read(upToCount: count) ?? Data()
        guard bytes.count == count else { throw TarArchive.Fault.cutShort(members: members.count) }
        offset += UInt64(count)
        return Array(bytes)
    }

    private func malformed(_ what: String) -> TarArchive.Fault { .malformed(members: members.count, what) }
}

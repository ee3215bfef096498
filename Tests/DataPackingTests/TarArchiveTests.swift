import Foundation
import Testing

@testable import DataPacking

@Suite struct TarArchiveTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func archive(_ bytes: Data) throws -> TarArchive {
        try TarArchive(file: scratch.write(bytes, "a.tar"))
    }

    /// Every way to write a name, and contents of lengths around a block's.
    private static func varied() -> (bytes: Data, files: [(String, Data)]) {
        var tar = TarBuilder()
        let contents = [0, 1, 511, 512, 513, 1500].map { Data((0..<$0).map { UInt8(truncatingIfNeeded: $0 * 7) }) }
        let long = String(repeating: "long-", count: 60) + "é.png"
        tar.addRaw(TarBuilder.globalComment)
        tar.add("plain.png", contents[1])
        tar.add("folder/", kind: "5")
        tar.add("./dotted.png", contents[2])
        tar.add("name.png", contents[3], prefix: "deep/er")
        tar.add("x", TarBuilder.record("mtime", "1.5") + TarBuilder.record("path", long), kind: "x")
        tar.add("cut", contents[4])
        tar.add("././@LongLink", Data((long + "2\0").utf8), kind: "L", gnu: true)
        tar.add("cut", contents[5], gnu: true)
        tar.add("link.png", kind: "2")
        tar.add("x", TarBuilder.record("size", "513"), kind: "x")
        tar.add("sized.png", contents[4], size: Data("00000000000\0".utf8))
        tar.add("binary.png", contents[5], size: Data([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x05, 0xDC]))
        tar.add("spaced.png", contents[1], size: Data("         1 \0".utf8))
        tar.add("empty.png", contents[0], kind: "\0")
        return (
            tar.ended,
            [
                ("plain.png", contents[1]), ("dotted.png", contents[2]), ("deep/er/name.png", contents[3]),
                (long, contents[4]),
                (long + "2", contents[5]), ("sized.png", contents[4]), ("binary.png", contents[5]),
                ("spaced.png", contents[1]),
                ("empty.png", contents[0]),
            ]
        )
    }

    @Test func readsNamesAndContents() throws {
        let (bytes, files) = Self.varied()
        let archive = try archive(bytes)
        #expect(archive.fault == nil)
        #expect(archive.members.map(\.path) == files.map(\.0))
        for (member, file) in zip(archive.members, files) {
            let blob = Blob(file: scratch.folder.appending(path: "a.tar"), part: member.range)
            #expect(try blob.read(limit: 2000) == file.1)
        }
    }

    @Test(arguments: 1..<20) func keepsWhatIsBeforeACut(_ twentieth: Int) throws {
        let (bytes, files) = Self.varied()
        // The last kilobyte marks the end.
        let count = (bytes.count - 1024) * twentieth / 20
        let archive = try archive(bytes.prefix(count))
        #expect(archive.fault == .cutShort(members: archive.members.count))
        #expect(archive.members.map(\.path) == files.prefix(archive.members.count).map(\.0))
        #expect(archive.members.allSatisfy { $0.range.upperBound <= count })
    }

    @Test func anEndWithoutItsMarkIsACut() throws {
        var tar = TarBuilder()
        tar.add("a.png", Data([1]))
        #expect(try archive(tar.bytes).fault == .cutShort(members: 1))
        #expect(try archive(Data()).fault == .cutShort(members: 0))
    }

    @Test func survivesAnyDamagedByte() throws {
        let bytes = Self.varied().bytes
        for offset in stride(from: 0, to: bytes.count, by: 101) {
            for value: UInt8 in [0, 0xFF, UInt8(ascii: "7")] {
                var damaged = bytes
                damaged[offset] = value
                let archive = try archive(damaged)
                #expect(archive.members.allSatisfy { $0.range.upperBound <= bytes.count })
            }
        }
    }

    static let malformed: [(String, @Sendable (inout TarBuilder) -> Void)] = [
        ("not a header", { $0.addRaw(Data(repeating: 0x41, count: 512)) }),
        ("beyond the end", { $0.add("a", size: Data("77777777777\0".utf8)) }),
        ("a size that is no number", { $0.add("a", size: Data("twelve\0\0\0\0\0\0".utf8)) }),
        ("a negative size", { $0.add("a", size: Data(repeating: 0xFF, count: 12)) }),
        ("a size beyond Int", { $0.add("a", size: Data([0x80] + [UInt8](repeating: 0xFF, count: 11))) }),
        ("too long a name", { $0.add("n", Data(count: 1 << 21), kind: "L") }),
        ("records without a length", { $0.add("x", Data("path=a\n".utf8), kind: "x") }),
        ("a record longer than its block", { $0.add("x", Data("99 path=a\n".utf8), kind: "x") }),
        ("a record that says nothing", { $0.add("x", Data("6 path\n".utf8), kind: "x") }),
        ("a record of no length", { $0.add("x", Data("0 =".utf8), kind: "x") }),
        ("a record whose key is behind it", { $0.add("x", Data("3 =a=b".utf8), kind: "x") }),
        ("a negative size in a record", { $0.add("x", TarBuilder.record("size", "-1"), kind: "x") }),
        ("holes", { $0.add("a", Data(count: 10), kind: "S", gnu: true) }),
    ]

    @Test(arguments: malformed.indices) func saysWhereItIsMalformed(_ index: Int) throws {
        var tar = TarBuilder()
        tar.add("good.png", Data([1, 2, 3]))
        Self.malformed[index].1(&tar)
        tar.add("lost.png", Data([4]))
        let archive = try archive(tar.ended)
        #expect(archive.members.map(\.path).first == "good.png")
        #expect(archive.fault != nil, "\(Self.malformed[index].0)")
    }
}

extension TarBuilder {
    fileprivate static var globalComment: Data {
        var tar = TarBuilder()
        tar.add("pax_global_header", record("comment", "of no account"), kind: "g")
        return tar.bytes
    }
}

import Foundation
import Imaging
import Testing

@Suite struct AnimationTests {
    private static func frames(_ count: Int, channels: Int = 3) throws -> [ImageAnimation.Frame] {
        try (0..<count).map { index in
            ImageAnimation.Frame(
                try ImageBuffer(
                    width: 24, height: 16, channels: channels,
                    color: Color(red: UInt8(40 + index * 60), green: 80, blue: UInt8(200 - index * 50))),
                milliseconds: 100 * (index + 1))
        }
    }

    @Test func `WebP holds every frame with its delay`() throws {
        let frames = try Self.frames(3)
        let data = try ImageAnimation(frames, loops: 2).encoded(as: .webp, quality: 100)
        let chunks = Self.riffChunks(data)
        #expect(chunks.filter { $0.type == "ANMF" }.map { Self.number($0.body, at: 12, bytes: 3) } == [100, 200, 300])
        let control = try #require(chunks.first { $0.type == "ANIM" })
        #expect(Self.number(control.body, at: 4, bytes: 2) == 2)
        #expect(try ImageBuffer(decoding: data).converted(channels: 3) == frames[0].picture)
    }

    @Test func `GIF holds every frame with its delay`() throws {
        let data = try ImageAnimation(Self.frames(3)).encoded(as: .gif)
        #expect(data.prefix(6) == Data("GIF89a".utf8))
        #expect(Self.number(Array(data), at: 6, bytes: 2) == 24 && Self.number(Array(data), at: 8, bytes: 2) == 16)
        #expect(Self.gifDelays(data) == [10, 20, 30])
        #expect(data.range(of: Data("NETSCAPE2.0".utf8)) != nil)
    }

    @Test(arguments: [1, 2, 4]) func `Every kind of picture can be a frame`(channels: Int) throws {
        for format in ImageAnimation.Format.allCases {
            #expect(try ImageAnimation(Self.frames(2, channels: channels)).encoded(as: format).count > 60)
            #expect(try ImageAnimation(Self.frames(1, channels: channels)).encoded(as: format).count > 20)
        }
    }

    @Test func `There and back ends where it began`() throws {
        let pictures = try Self.frames(4).map(\.picture)
        let animation = ImageAnimation(thereAndBack: pictures, milliseconds: 50)
        #expect(animation.frames.map(\.picture) == [0, 1, 2, 3, 2, 1].map { pictures[$0] })
        #expect(animation.frames.map(\.milliseconds) == [300, 50, 50, 300, 50, 50])
        #expect(ImageAnimation(thereAndBack: [pictures[0]]).frames.count == 1)
    }

    @Test func `Files are written whole`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "a.gif")
        try ImageAnimation(Self.frames(2)).write(to: file, as: .gif)
        #expect(Self.gifDelays(try Data(contentsOf: file)).count == 2)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.gif"])
        #expect(throws: ImageError.self) {
            try ImageAnimation(Self.frames(2)).write(to: folder.appending(path: "no/a.gif"), as: .gif)
        }
    }

    @Test func `What cannot be is refused`() throws {
        let (frame, other) = (try Self.frames(1)[0], try ImageBuffer(width: 5, height: 5, color: .white))
        var slow = frame
        slow.milliseconds = -1
        let wide = ImageAnimation.Frame(try ImageBuffer(width: 70_000, height: 1, color: .white), milliseconds: 1)
        for animation in [
            ImageAnimation([]), ImageAnimation([frame, .init(other, milliseconds: 1)]), ImageAnimation([slow]),
            ImageAnimation([frame], loops: 70_000), ImageAnimation([wide]),
        ] {
            for format in ImageAnimation.Format.allCases {
                #expect(throws: ImageError.self) { try animation.encoded(as: format) }
            }
        }
        #expect(throws: ImageError.self) { try ImageAnimation([frame]).encoded(as: .webp, quality: 101) }
    }

    private static func number(_ bytes: [UInt8], at offset: Int, bytes count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }

    private static func riffChunks(_ data: Data) -> [(type: String, body: [UInt8])] {
        let bytes = [UInt8](data)
        var chunks: [(String, [UInt8])] = []
        var offset = 12
        while offset + 8 <= bytes.count {
            let size = number(bytes, at: offset + 4, bytes: 4)
            chunks.append(
                (
                    String(decoding: bytes[offset..<offset + 4], as: UTF8.self),
                    Array(bytes[offset + 8..<min(bytes.count, offset + 8 + size)])
                ))
            offset += 8 + size + size % 2
        }
        return chunks
    }

    /// Of every graphic control extension, in hundredths of a second.
    private static func gifDelays(_ data: Data) -> [Int] {
        let bytes = [UInt8](data)
        return (0..<max(0, bytes.count - 7)).filter {
            bytes[$0] == 0x21 && bytes[$0 + 1] == 0xF9 && bytes[$0 + 2] == 4 && bytes[$0 + 7] == 0
        }.map { number(bytes, at: $0 + 4, bytes: 2) }
    }
}

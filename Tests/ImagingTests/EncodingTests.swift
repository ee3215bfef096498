import Foundation
import Imaging
import Testing

@Suite struct EncodingTests {
    @Test(arguments: 1...4) func `Lossless formats give back every sample`(channels: Int) throws {
        let picture = try ImageBuffer.noise(37, 23, channels: channels)
        #expect(try ImageBuffer(decoding: picture.encoded(as: .png)) == picture)
        // WebP has no grey and drops colour under zero alpha unless it is kept.
        let opaque = picture.converted(channels: picture.colorChannels)
        #expect(try ImageBuffer(decoding: opaque.encoded(as: .webpLossless)) == opaque.converted(channels: 3))
    }

    @Test func `Alpha survives WebP`() throws {
        let picture = try ImageBuffer.gradient(32, 32, channels: 4)
        for encoding in [ImageEncoding.webpLossless, .webp()] {
            #expect(try ImageBuffer(decoding: picture.encoded(as: encoding)).alphaPlane == picture.alphaPlane)
        }
    }

    @Test(arguments: [ImageEncoding.jpeg(quality: 95), .webp(quality: 95)])
    func `Lossy formats stay near`(encoding: ImageEncoding) throws {
        for channels in [1, 3] {
            let picture = try ImageBuffer.gradient(64, 48, channels: channels)
            let decoded = try ImageBuffer(decoding: picture.encoded(as: encoding)).converted(channels: channels)
            #expect(try #require(decoded.maxDifference(from: picture)) <= 8)
        }
    }

    @Test func `Lower quality is smaller`() throws {
        let picture = try ImageBuffer.noise(64, 64, channels: 3)
        for make in [{ ImageEncoding.jpeg(quality: $0) }, { .webp(quality: $0) }] as [(Int) -> ImageEncoding] {
            let sizes = try [0, 50, 100].map { try picture.encoded(as: make($0)).count }
            #expect(sizes[0] < sizes[1] && sizes[1] < sizes[2])
        }
    }

    @Test func `JPEG blends alpha over the background`() throws {
        let clear = try ImageBuffer(width: 16, height: 16, channels: 4, samples: Array(repeating: 0, count: 1024))
        let decoded = try ImageBuffer(
            decoding: clear.encoded(as: .jpeg(quality: 95, background: Color(red: 200, green: 40, blue: 90))))
        let expected = try ImageBuffer(width: 16, height: 16, color: Color(red: 200, green: 40, blue: 90))
        #expect(try #require(decoded.maxDifference(from: expected)) <= 3)
    }

    @Test func `The same picture gives the same bytes`() throws {
        let picture = try ImageBuffer.noise(40, 30, channels: 3)
        for encoding in [ImageEncoding.png, .jpeg(), .webp(), .webpLossless] {
            #expect(
                try picture.encoded(as: encoding, metadata: ["a": "b"])
                    == picture.encoded(as: encoding, metadata: ["a": "b"]))
        }
    }

    @Test func `What a format cannot hold is an error`() throws {
        let wide = try ImageBuffer(width: 70_000, height: 1, color: .black)
        for (encoding, side) in [(ImageEncoding.jpeg(), 65_500), (.webp(), 16_383)] {
            let error = #expect(throws: ImageError.self) { try wide.encoded(as: encoding) }
            #expect("\(try #require(error))".contains("\(side)"))
        }
        #expect(throws: ImageError.self) { try wide.encoded(as: .jpeg(quality: 101)) }
        #expect(throws: ImageError.self) { try wide.encoded(as: .webp(quality: -1)) }
    }

    @Test func `A file appears whole or not at all`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let picture = try ImageBuffer.noise(8, 8, channels: 3)
        let file = folder.appendingPathComponent("a picture.png")
        for _ in 0..<2 { try picture.write(to: file, as: .png) }
        #expect(try ImageBuffer(contentsOf: file) == picture)

        // A folder stands where the file should go; the parent is a file; the folder does not exist.
        let taken = folder.appendingPathComponent("taken")
        try FileManager.default.createDirectory(
            at: taken.appendingPathComponent("inside"), withIntermediateDirectories: true)
        for place in [taken, file.appendingPathComponent("x.png"), folder.appendingPathComponent("missing/x.png")] {
            let error = #expect(throws: ImageError.self) { try picture.write(to: place, as: .png) }
            guard case .unwritable(let path, let reason) = error else {
                Issue.record("\(String(describing: error))"); continue
            }
            #expect(path == place.path && !reason.isEmpty)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a picture.png", "taken"])
    }
}

import Foundation
import Imaging
import Testing

@Suite struct MetadataTests {
    static let encodings: [ImageEncoding] = [.png, .jpeg(), .webp(), .webpLossless]
    static let metadata = [
        "prompt": "a corgi's <head> & \"nebula\", depicted as an explosion", "Key With Spaces!": "x",
        "latin": "crème brûlée\nzwei Zeilen", "unicode": "猫と犬 🐕‍🦺 Ελλάδα \u{202E}rtl",
        "entities": "&amp;lt; &#65; ]]> \u{1}\t\r",
        "empty": "", "seed": "18446744073709551615", "recipe": #"{"steps": 25, "guidance": [4, 8]}"#,
    ]

    @Test(arguments: encodings) func `Text comes back`(encoding: ImageEncoding) throws {
        let picture = try ImageBuffer.gradient(16, 16, channels: 3)
        let data = try picture.encoded(as: encoding, metadata: Self.metadata)
        #expect(try ImageMetadata.read(decoding: data) == Self.metadata)
        #expect(try ImageBuffer(decoding: data) == ImageBuffer(decoding: picture.encoded(as: encoding)))
    }

    @Test(arguments: encodings) func `A picture without text has none`(encoding: ImageEncoding) throws {
        let data = try ImageBuffer.gradient(16, 16, channels: 3).encoded(as: encoding)
        #expect(try ImageMetadata.read(decoding: data) == [:])
    }

    @Test(arguments: encodings) func `Keys and values that no file can carry are refused`(encoding: ImageEncoding)
        throws
    {
        let picture = try ImageBuffer.gradient(16, 16, channels: 3)
        let bad = [
            ["": "x"], [" a": "x"], ["a ": "x"], ["a  b": "x"], ["ä": "x"], ["a\nb": "x"],
            [String(repeating: "k", count: 80): "x"], ["a": "x\0y"], ["a": String(repeating: "x", count: 9 << 20)],
        ]
        for metadata in bad {
            let error = #expect(throws: ImageError.self) { try picture.encoded(as: encoding, metadata: metadata) }
            guard case .invalidMetadata = error else { Issue.record("\(String(describing: error))"); continue }
        }
        _ = try picture.encoded(
            as: encoding, metadata: [String(repeating: "k", count: 79): String(repeating: "<", count: 10_000)])
    }

    @Test func `JPEG has room for one segment`() throws {
        let picture = try ImageBuffer.gradient(16, 16, channels: 3)
        let fits = ["a": String(repeating: "x", count: 59_600)]
        #expect(try ImageMetadata.read(decoding: picture.encoded(as: .jpeg(), metadata: fits)) == fits)
        // Escaping makes it larger than the segment.
        #expect(throws: ImageError.self) {
            try picture.encoded(as: .jpeg(), metadata: ["a": String(repeating: "&", count: 20_000)])
        }
    }

    @Test func `A damaged text chunk is passed over`() throws {
        let data = try ImageBuffer.gradient(4, 4, channels: 3).encoded(as: .png, metadata: ["a": "猫", "b": "plain"])
        for index in 33..<data.count - 60 {
            var bytes = [UInt8](data)
            bytes[index] = 0xFF
            _ = try? ImageMetadata.read(decoding: bytes)
        }
    }
}

import Foundation
import Imaging
import Testing

/// What transformers makes of noise under a configuration.
struct CLIPGolden: CustomTestStringConvertible, Sendable {
    let width, height, channels: Int
    let shape: [Int]
    let config: String
    let values: [Float]

    init(_ width: Int, _ height: Int, _ channels: Int, shape: [Int], config: String, values: String) {
        (self.width, self.height, self.channels) = (width, height, channels)
        (self.shape, self.config) = (shape, config)
        let bytes = Data(base64Encoded: values) ?? Data()
        self.values = bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 4).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
            }
        }
    }

    var testDescription: String { "\(width)×\(height)×\(channels) \(config)" }
}

@Suite struct CLIPImageProcessorTests {
    @Test(arguments: CLIPGolden.all) func `Equals transformers to the last bit`(_ golden: CLIPGolden) throws {
        let processor = try JSONDecoder().decode(CLIPImageProcessor.self, from: Data(golden.config.utf8))
        let picture = try ImageBuffer.noise(golden.width, golden.height, channels: golden.channels)
        let (values, height, width) = try processor.pixelValues(picture)
        #expect([3, height, width] as [Int] == golden.shape)
        #expect(values == golden.values)
    }

    @Test func `Missing entries are CLIP's, and old files have plain numbers`() throws {
        #expect(try JSONDecoder().decode(CLIPImageProcessor.self, from: Data("{}".utf8)) == CLIPImageProcessor())
        let old = try JSONDecoder().decode(
            CLIPImageProcessor.self, from: Data(#"{"size": 336, "crop_size": 320}"#.utf8))
        #expect(old.size == .shortestEdge(336) && old.crop == .init(width: 320, height: 320))
    }

    @Test(arguments: [
        #"{"size": 0}"#, #"{"size": {}}"#, #"{"size": {"width": 5}}"#, #"{"size": "large"}"#, #"{"crop_size": -1}"#,
        #"{"resample": 5}"#,
        #"{"image_mean": [1]}"#, #"{"image_std": [1, 0, 1]}"#, #"{"do_resize": 3.5}"#, "[]", "",
    ]) func `A wrong configuration is refused`(config: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(CLIPImageProcessor.self, from: Data(config.utf8))
        }
    }

    @Test func `A sliver is refused before it costs memory`() throws {
        let sliver = try ImageBuffer(width: 60_000, height: 1, color: .black)
        #expect(throws: ImageError.self) { try CLIPImageProcessor().prepared(sliver) }
    }
}

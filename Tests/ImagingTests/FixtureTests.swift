import Foundation
import Imaging
import TestSupport
import Testing

@Suite struct FixtureTests {
    static let folder = "karlo-variation-tiny"

    /// The reference resized with Pillow (bicubic, 8 bits): equal to a rounding of the last step.
    @Test(.enabled(if: Fixtures.canRun(folder))) func `CLIP sees the reference's pixel values`() throws {
        let folder = try Fixtures.folder(Self.folder)
        let config = try Data(contentsOf: folder.appending(path: "feature_extractor/preprocessor_config.json"))
        let processor = try JSONDecoder().decode(CLIPImageProcessor.self, from: config)
        let picture = try ImageBuffer(contentsOf: folder.appending(path: "input.png"))
        let (values, height, width) = try processor.pixelValues(picture)
        let goldens = try Self.goldens(folder.appending(path: "golden.safetensors"), named: "/image/pixel_values")
        #expect(!goldens.isEmpty)
        for (name, shape, expected) in goldens {
            #expect(shape == [1, 3, height, width] as [Int], "\(name)")
            let difference = zip(values, expected).map { abs($0 - $1) }.max() ?? .infinity
            #expect(difference <= 1e-6, "\(name)")
        }
    }

    /// The float32 tensors of a safetensors file whose names end so.
    private static func goldens(_ file: URL, named suffix: String) throws -> [(
        name: String, shape: [Int], values: [Float]
    )] {
        struct Entry: Decodable {
            let shape: [Int]
            let data_offsets: [Int]
        }
        let bytes = try Data(contentsOf: file, options: .mappedIfSafe)
        let headerEnd = 8 + Int(bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) })
        let header = try #require(JSONSerialization.jsonObject(with: bytes[8..<headerEnd]) as? [String: Any])
        return try header.filter { $0.key.hasSuffix(suffix) }.map { name, fields in
            let entry = try JSONDecoder().decode(Entry.self, from: JSONSerialization.data(withJSONObject: fields))
            let data = bytes[(headerEnd + entry.data_offsets[0])..<(headerEnd + entry.data_offsets[1])]
            let values = data.withUnsafeBytes { raw in
                (0..<raw.count / 4).map {
                    Float(bitPattern: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
                }
            }
            return (name, entry.shape, values)
        }
    }
}

import Foundation
import Imaging
import Testing

@Suite struct DecodingTests {
    @Test(arguments: Sample.all) func `Every kind of file gives upright 8-bit samples`(_ sample: Sample) throws {
        let header = try ImageHeader(decoding: sample.file)
        #expect((header.width, header.height) == (sample.expected.width, sample.expected.height))
        #expect(header.channels == sample.expected.channels)
        let picture = try ImageBuffer(decoding: sample.file)
        let difference = try #require(
            picture.maxDifference(from: sample.expected), "\(picture.width)×\(picture.height)×\(picture.channels)")
        #expect(difference <= sample.tolerance)
    }

    @Test(arguments: Sample.all) func `A file that is cut short is an error`(_ sample: Sample) throws {
        for twentieth in 0..<20 {
            let part = sample.file.prefix(sample.file.count * twentieth / 20)
            #expect(throws: ImageError.self, "\(twentieth)/20") { try ImageBuffer(decoding: part) }
        }
        #expect(throws: ImageError.self) { try ImageBuffer(decoding: sample.file.dropLast(3)) }
    }

    @Test(arguments: Sample.all) func `Damaged bytes never crash`(_ sample: Sample) {
        var state: UInt32 = 7
        for _ in 0..<100 {
            var bytes = [UInt8](sample.file)
            for _ in 0..<3 {
                state = state &* 1_664_525 &+ 1_013_904_223
                bytes[Int(state >> 8) % bytes.count] = UInt8(state >> 24)
            }
            // Either outcome is right; the limits keep a damaged size from costing memory.
            _ = try? ImageBuffer(decoding: bytes, limits: DecodeLimits(maxPixels: 1 << 20))
        }
    }

    @Test func `Other formats are refused by their content`() {
        let foreign: [[UInt8]] = [
            [], [0x89], Array("GIF89a".utf8) + Array(repeating: 0, count: 64),
            Array("<svg xmlns='http://www.w3.org/2000/svg'/>".utf8),
            Array("II*\0".utf8) + Array(repeating: 0, count: 64), Array("RIFF\0\0\0\0WAVE".utf8),
            Array("%PDF-1.4".utf8),
            Array(repeating: 0, count: 1000),
        ]
        for bytes in foreign {
            #expect(throws: ImageError.unsupportedFormat) { try ImageBuffer(decoding: bytes) }
        }
    }

    @Test func `A magic number alone is damage`() {
        for bytes in [
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF, 0xE0],
            Array("RIFF\u{4}\0\0\0WEBP".utf8),
        ] as [[UInt8]] {
            let error = #expect(throws: ImageError.self) { try ImageBuffer(decoding: bytes) }
            guard case .damaged = error else { Issue.record("\(String(describing: error))"); continue }
        }
    }

    /// 67 bytes that declare 60000 × 60000 pixels.
    @Test func `A decompression bomb is refused by its header`() throws {
        var bomb = [UInt8](Sample.named("PNG RGB").file)
        for side in [16, 20] { bomb.replaceSubrange(side..<side + 4, with: [0x00, 0x00, 0xEA, 0x60]) }
        let crc = crc32(bomb[12..<29])
        bomb.replaceSubrange(29..<33, with: withUnsafeBytes(of: crc.bigEndian) { Array($0) })
        let refusal = ImageError.tooManyPixels(width: 60000, height: 60000, limit: DecodeLimits.standard.maxPixels)
        #expect(throws: refusal) { try ImageBuffer(decoding: bomb) }
        #expect(throws: refusal) { try ImageHeader(decoding: bomb) }
        #expect(throws: refusal) { try ImageMetadata.read(decoding: bomb) }
    }

    @Test func `Limits are the caller's`() throws {
        let sample = Sample.named("PNG RGB")
        #expect(throws: ImageError.tooManyPixels(width: 6, height: 4, limit: 23)) {
            try ImageBuffer(decoding: sample.file, limits: DecodeLimits(maxPixels: 23))
        }
        #expect(throws: ImageError.tooManyBytes(count: sample.file.count, limit: 10)) {
            try ImageBuffer(decoding: sample.file, limits: DecodeLimits(maxBytes: 10))
        }
        _ = try ImageBuffer(decoding: sample.file, limits: DecodeLimits(maxPixels: 24, maxBytes: sample.file.count))
    }

    @Test func `Unreadable files are named`() {
        for path in ["/nowhere/at/all.png", NSTemporaryDirectory(), "/dev/zero"] {
            let error = #expect(throws: ImageError.self) { try ImageBuffer(contentsOf: URL(filePath: path)) }
            guard case .unreadable = error else { Issue.record("\(path): \(String(describing: error))"); continue }
        }
    }

    @Test func `Many threads decode at once`() async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<4 {
                for sample in Sample.all {
                    group.addTask {
                        try ImageBuffer(decoding: sample.file).maxDifference(from: sample.expected) ?? 256
                            <= sample.tolerance
                    }
                }
            }
            for try await equal in group { #expect(equal) }
        }
    }

    private func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF as UInt32) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        }
    }
}

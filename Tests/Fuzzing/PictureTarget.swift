import Foundation
import Imaging

/// Files of each format and kind of channels, small enough that many can be tried.
struct PictureTarget: FuzzTarget {
    private static let limits = DecodeLimits(maxPixels: 1 << 20, maxBytes: 4 << 20)

    let seeds: [[UInt8]]

    let words =
        [
            "IHDR", "IDAT", "IEND", "PLTE", "tRNS", "iCCP", "eXIf", "zTXt", "RIFF", "WEBP", "VP8 ", "VP8L", "VP8X",
            "ALPH", "ANMF",
        ]
        .map { Array($0.utf8) } + [
            [0xFF, 0xD8], [0xFF, 0xC4], [0xFF, 0xDA], [0xFF, 0xE1], [0xFF, 0xC2], [0xFF, 0xFF],
        ]

    init() throws {
        var seeds: [[UInt8]] = []
        for channels in 1...4 {
            for (width, height) in [(1, 1), (17, 9), (48, 64)] {
                let samples = (0..<width * height * channels).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 7) }
                let picture = try ImageBuffer(width: width, height: height, channels: channels, samples: samples)
                for format in ImageFormat.allCases {
                    seeds.append(Array(try picture.encoded(as: ImageEncoding(format), metadata: ["prompt": "a cat"])))
                }
            }
        }
        self.seeds = seeds
    }

    /// A PNG's checksums: without this, what is damaged is hardly ever decoded.
    func repair(_ input: inout [UInt8]) {
        guard input.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return }
        var place = 8
        while place + 12 <= input.count {
            let length = input[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= input.count - place - 12 else { return }
            let end = place + 8 + length
            withUnsafeBytes(of: Self.checksum(input[place + 4..<end]).bigEndian) {
                input.replaceSubrange(end..<end + 4, with: $0)
            }
            place = end + 4
        }
    }

    func accepts(_ input: [UInt8]) throws -> Bool {
        do {
            _ = try? ImageMetadata.read(decoding: input, limits: Self.limits)
            let header = try ImageHeader(decoding: input, limits: Self.limits)
            let picture = try ImageBuffer(decoding: input, limits: Self.limits)
            guard picture.width == header.width, picture.height == header.height,
                picture.width * picture.height <= Self.limits.maxPixels,
                picture.samples.count == picture.width * picture.height * picture.channels
            else { throw FuzzFailure("the picture is not what its header says") }
            return true
        } catch let error as ImageError {
            guard !error.description.isEmpty else { throw FuzzFailure("an error without words") }
            return false
        }
    }

    /// CRC-32 as in PNG's appendix D.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        }
    }
}

import Foundation
import Imaging
import Testing

/// Noise at another size, as Pillow has it.
struct ResizeGolden: CustomTestStringConvertible, Sendable {
    let width, height, channels, newWidth, newHeight: Int
    let filter: ResizeFilter
    let samples: [UInt8]

    init(
        _ width: Int, _ height: Int, _ channels: Int, _ newWidth: Int, _ newHeight: Int, _ filter: ResizeFilter,
        _ samples: String
    ) {
        (self.width, self.height, self.channels) = (width, height, channels)
        (self.newWidth, self.newHeight, self.filter) = (newWidth, newHeight, filter)
        self.samples = [UInt8](Data(base64Encoded: samples) ?? Data())
    }

    var testDescription: String { "\(filter) \(width)×\(height)×\(channels) → \(newWidth)×\(newHeight)" }
}

@Suite struct ResizeTests {
    @Test(arguments: ResizeGolden.all) func `Equals Pillow byte for byte`(_ golden: ResizeGolden) throws {
        let picture = try ImageBuffer.noise(golden.width, golden.height, channels: golden.channels)
        let resized = try picture.resized(width: golden.newWidth, height: golden.newHeight, filter: golden.filter)
        #expect((resized.width, resized.height) == (golden.newWidth, golden.newHeight))
        #expect(resized.samples == golden.samples)
    }

    @Test(arguments: ResizeFilter.allCases) func `A flat colour stays flat`(filter: ResizeFilter) throws {
        let color = Color(red: 255, green: 0, blue: 77)
        for (width, height) in [(1, 1), (7, 200), (31, 3), (64, 64)] {
            let flat = try ImageBuffer(width: 20, height: 30, color: color).resized(
                width: width, height: height, filter: filter)
            #expect(try flat == ImageBuffer(width: width, height: height, color: color))
        }
    }

    @Test func `Colour under zero alpha does not bleed`() throws {
        var samples = [UInt8](repeating: 0, count: 8 * 8 * 4)
        for pixel in 0..<64 {
            samples[pixel * 4] = pixel % 8 < 4 ? 200 : 0; samples[pixel * 4 + 3] = pixel % 8 < 4 ? 255 : 0
        }
        let small = try ImageBuffer(width: 8, height: 8, channels: 4, samples: samples).resized(
            width: 3, height: 3, filter: .bilinear)
        for x in 0..<2 { #expect(small[x, 1][small[x, 1].startIndex] >= 198) }
        #expect((1...254).contains(Int(try #require(small[1, 1].last))))
    }

    @Test func `The same size changes nothing, and no size is refused`() throws {
        let picture = try ImageBuffer.noise(9, 5, channels: 4)
        #expect(try picture.resized(width: 9, height: 5) == picture)
        for (width, height) in [(0, 5), (5, -1), (Int.max, Int.max)] {
            #expect(throws: ImageError.self) { try picture.resized(width: width, height: height) }
        }
    }
}

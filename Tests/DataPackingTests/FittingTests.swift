import Foundation
import Imaging
import Testing

@testable import DataPacking

@Suite struct FittingTests {
    private func pixel(_ square: [UInt8], _ size: Int, _ x: Int, _ y: Int) -> [UInt8] {
        Array(square[(y * size + x) * 4..<(y * size + x) * 4 + 4])
    }

    /// Columns of one colour each.
    private func columns(_ colors: [[UInt8]], height: Int) throws -> ImageBuffer {
        let row = colors.joined()
        let samples = (0..<height).flatMap { _ in row }
        return try ImageBuffer(width: colors.count, height: height, channels: colors[0].count, samples: samples)
    }

    @Test func opaquePicturesAreCropped() throws {
        let (red, blue): ([UInt8], [UInt8]) = ([255, 0, 0], [0, 0, 255])
        let side = Array(repeating: red, count: 4)
        let wide = try columns(side + Array(repeating: blue, count: 4) + side, height: 4)
        let square = try FittedPicture(wide, fit: .automatic).square(4)
        #expect((0..<16).allSatisfy { pixel(square, 4, $0 % 4, $0 / 4) == [0, 0, 255, 255] })
        let opaque = try FittedPicture(wide.converted(channels: 4), fit: .automatic).square(4)
        #expect(opaque == square)
    }

    @Test func padIsTransparentAndCentred() throws {
        let wide = try ImageBuffer(width: 8, height: 4, color: .white)
        let square = try FittedPicture(wide, fit: .pad).square(8)
        for y in 0..<8 {
            let expected: [UInt8] = (2..<6).contains(y) ? [255, 255, 255, 255] : [0, 0, 0, 0]
            #expect((0..<8).allSatisfy { pixel(square, 8, $0, y) == expected })
        }
    }

    @Test func picturesWithTransparencyArePadded() throws {
        let tall = try ImageBuffer(width: 1, height: 100, channels: 4, samples: Array(repeating: 200, count: 400))
        let square = try FittedPicture(tall, fit: .automatic).square(10)
        // Colour times alpha: 200 · 200 / 255 = 156.9.
        #expect(pixel(square, 10, 4, 5) == [157, 157, 157, 200])
        #expect(pixel(square, 10, 0, 5) == [0, 0, 0, 0])
        let cropped = try FittedPicture(tall, fit: .crop).square(2)
        #expect(cropped == Array(repeating: [157, 157, 157, 200], count: 4).flatMap { $0 })
    }

    @Test func transparentColourDoesNotBleed() throws {
        // Opaque red beside transparent green, made smaller across the edge.
        let edge = try columns(
            Array(repeating: [255, 0, 0, 255], count: 10) + Array(repeating: [0, 255, 0, 0], count: 22), height: 32)
        let square = try FittedPicture(edge, fit: .automatic).square(8)
        for index in 0..<64 {
            let pixel = pixel(square, 8, index % 8, index / 8)
            #expect(pixel[1] == 0)
            #expect(pixel[0] == pixel[3])
        }
        #expect(Set((0..<8).map { pixel(square, 8, $0, 0)[3] }).count > 2, "the edge is smooth")
    }

    @Test func coloursAreAtMostTheirAlpha() throws {
        let noise = (0..<40 * 30).flatMap { index -> [UInt8] in
            let value = UInt8(truncatingIfNeeded: index &* 2_654_435_761 >> 7)
            return [value, 255, 255 - value, index % 3 == 0 ? 255 : value]
        }
        let picture = try ImageBuffer(width: 40, height: 30, channels: 4, samples: noise)
        for size in [1, 7, 64] {
            let square = try FittedPicture(picture, fit: .automatic).square(size)
            #expect(square.count == size * size * 4)
            #expect((0..<size * size).allSatisfy { square[$0 * 4..<$0 * 4 + 3].max() ?? 0 <= square[$0 * 4 + 3] })
        }
    }

    @Test func greyBecomesColour() throws {
        let grey = try ImageBuffer(width: 2, height: 2, channels: 2, samples: [100, 255, 100, 255, 100, 255, 100, 51])
        let square = try FittedPicture(grey, fit: .automatic).square(2)
        #expect(pixel(square, 2, 0, 0) == [100, 100, 100, 255])
        #expect(pixel(square, 2, 1, 1) == [20, 20, 20, 51])
    }
}

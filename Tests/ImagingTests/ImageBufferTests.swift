import Imaging
import Testing

@Suite struct ImageBufferTests {
    @Test func `A buffer's parts must agree`() {
        for (width, height, channels, count) in [
            (0, 1, 1, 0), (1, -1, 1, 1), (1, 1, 0, 0), (1, 1, 5, 5), (2, 2, 3, 11), (Int.max, 2, 4, 1),
        ] {
            #expect(throws: ImageError.self) {
                try ImageBuffer(
                    width: width, height: height, channels: channels, samples: Array(repeating: 0, count: count))
            }
        }
        #expect(throws: ImageError.self) { try ImageBuffer(width: 1, height: 0, color: .black) }
    }

    @Test func `Crop takes what paste puts`() throws {
        let small = try ImageBuffer.noise(5, 4, channels: 3, seed: 3)
        var large = try ImageBuffer(width: 12, height: 9, color: .white)
        large.paste(small, x: 6, y: 2)
        #expect(try large.cropped(x: 6, y: 2, width: 5, height: 4) == small)
        #expect(try large.cropped(x: 0, y: 0, width: 6, height: 9) == ImageBuffer(width: 6, height: 9, color: .white))
        for (x, y, width, height) in [
            (-1, 0, 2, 2), (8, 0, 5, 1), (0, 0, 0, 1), (0, 9, 1, 1), (1, 1, Int.max, 1), (Int.max, 0, 1, 1),
        ] {
            #expect(throws: ImageError.self) { try large.cropped(x: x, y: y, width: width, height: height) }
        }
    }

    @Test func `Paste drops what falls outside`() throws {
        let small = try ImageBuffer.noise(4, 4, channels: 3, seed: 5)
        for (x, y) in [(-4, 0), (8, 0), (0, 6), (Int.min, Int.max), (Int.max, 0), (0, Int.min)] {
            var large = try ImageBuffer(width: 8, height: 6, color: .black)
            large.paste(small, x: x, y: y)
            #expect(try large == ImageBuffer(width: 8, height: 6, color: .black), "\(x), \(y)")
        }
        var large = try ImageBuffer(width: 8, height: 6, color: .black)
        large.paste(small, x: -1, y: 4)
        #expect(try large.cropped(x: 0, y: 4, width: 3, height: 2) == small.cropped(x: 1, y: 0, width: 3, height: 2))
    }

    @Test func `Channels convert`() throws {
        let rgba = try ImageBuffer(width: 1, height: 2, channels: 4, samples: [255, 0, 0, 128, 10, 200, 30, 0])
        #expect(rgba.converted(channels: 3).samples == [255, 0, 0, 10, 200, 30])
        #expect(rgba.converted(channels: 2).samples == [76, 128, 124, 0])
        #expect(rgba.converted(channels: 1).converted(channels: 4).samples == [76, 76, 76, 255, 124, 124, 124, 255])
        #expect(rgba.alphaPlane?.samples == [128, 0])
        #expect(rgba.converted(channels: 3).alphaPlane == nil)
        #expect(rgba.flattened(on: .white).samples == [255, 127, 127, 255, 255, 255])
        #expect(rgba.flattened(on: Color(red: 0, green: 9, blue: 0)).samples == [128, 4, 0, 0, 9, 0])
        let alpha = try ImageBuffer(width: 1, height: 2, channels: 1, samples: [7, 8])
        #expect(try rgba.withAlpha(alpha).samples == [255, 0, 0, 7, 10, 200, 30, 8])
        #expect(try rgba.converted(channels: 1).withAlpha(alpha).samples == [76, 7, 124, 8])
        #expect(throws: ImageError.self) { try rgba.withAlpha(rgba) }
    }

    @Test func `A pixel is its samples`() throws {
        let picture = try ImageBuffer(width: 2, height: 2, channels: 2, samples: [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(Array(picture[1, 0]) == [3, 4] && Array(picture[0, 1]) == [5, 6])
    }
}

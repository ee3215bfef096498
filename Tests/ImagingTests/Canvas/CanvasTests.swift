import Foundation
import Imaging
import Testing

@Suite struct CanvasTests {
    /// The law of the whole thing: whatever is painted, what the mask keeps leaves as it came, in every channel.
    @Test(arguments: 0..<50) func `What is kept is never touched`(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let (width, height) = (dice.roll(1...60), dice.roll(1...60))
        let picture = try ImageBuffer.noise(width, height, channels: dice.roll(1...4), seed: UInt32(seed + 1))
        let mask = try dice.mask(width, height)
        var canvas = Canvas(picture, mask: mask, feather: dice.roll(0...6), seed: 3)
        let side = dice.roll(1...48)
        guard let window = Frame.window(around: mask, context: 0.5, leastSide: side) else { return }
        let view = try canvas.view(of: window, side: side)
        #expect((view.picture.width, view.picture.channels, view.mask.height) == (side, 3, side))
        try canvas.paint(.noise(side, side, channels: 3, seed: 9), in: window)
        let finished = try canvas.finished()
        #expect((finished.width, finished.height, finished.channels) == (width, height, picture.hasAlpha ? 4 : 3))
        for index in mask.kept { #expect(finished.pixel(index) == picture.pixel(index)) }
        // Then all of it is known.
        if picture.bounds.contains(window.rectangle) {
            let after = try canvas.view(of: window, side: side)
            #expect(after.mask.keepsAll)
        }
    }

    @Test func `A part that is kept by half is blended by half`() throws {
        let mask = try Mask(coverage: ImageBuffer(width: 4, height: 4, channels: 1, color: Color(grey: 128)))
        var canvas = Canvas(try ImageBuffer(width: 4, height: 4, channels: 4, color: .black), mask: mask)
        try canvas.paint(ImageBuffer(width: 4, height: 4, color: .white), in: Frame(x: 0, y: 0, side: 4))
        #expect(try canvas.finished().pixel(5) == [127, 127, 127, 255])
        let clear = try ImageBuffer(width: 4, height: 4, channels: 4, samples: Array(repeating: 0, count: 64))
        canvas = Canvas(clear, mask: mask)
        try canvas.paint(ImageBuffer(width: 4, height: 4, color: .white), in: Frame(x: 0, y: 0, side: 4))
        #expect(try canvas.finished().pixel(5) == [255, 255, 255, 127])
    }

    @Test func `A view at the frame's own size shows the known pixels as they are`() throws {
        let picture = try ImageBuffer.noise(40, 30, channels: 3)
        let (grown, mask) = try picture.grown(left: 7, top: 0, right: 13, bottom: 30)
        let canvas = Canvas(grown, mask: mask)
        let view = try canvas.view(of: Frame(x: 0, y: -10, side: 60), side: 60)
        var expected = try ImageBuffer(width: 60, height: 60, channels: 1, color: .black)
        expected.paste(try ImageBuffer(width: 40, height: 30, channels: 1, color: .white), x: 7, y: 10)
        #expect(view.mask.coverage == expected)
        #expect(try view.picture.cropped(x: 7, y: 10, width: 40, height: 30) == picture)
    }

    @Test func `No colour of what is unknown comes into a smaller view`() throws {
        var picture = try ImageBuffer(width: 64, height: 64, color: Color(red: 0, green: 200, blue: 0))
        picture.paste(try ImageBuffer(width: 31, height: 64, color: Color(red: 255, green: 0, blue: 255)), x: 33, y: 0)
        var coverage = try ImageBuffer(width: 64, height: 64, channels: 1, color: .white)
        coverage.paste(try ImageBuffer(width: 31, height: 64, channels: 1, color: .black), x: 33, y: 0)
        let view = try Canvas(picture, mask: Mask(coverage: coverage))
            .view(of: Frame(x: 0, y: 0, side: 64), side: 24)
        for pixel in 0..<24 * 24 {
            let samples = view.picture.pixel(pixel)
            #expect(samples[1] > 180 && samples[0] < 20 && samples[2] < 20)
        }
    }

    @Test func `Fillings are the same for a seed and go on from the edge`() throws {
        let picture = try ImageBuffer.gradient(32, 32, channels: 3)
        let (grown, mask) = try picture.grown(left: 32, top: 32, right: 32, bottom: 32)
        func view(_ seed: UInt64) throws -> ImageBuffer {
            try Canvas(grown, mask: mask, seed: seed).view(of: Frame(x: 0, y: 0, side: 96), side: 96).picture
        }
        #expect(try view(1) == view(1))
        #expect(try view(1) != view(2))
        let filled = try view(1)
        for y in 32..<64 {
            for (inside, outside) in [(32, 31), (63, 64)] {
                for channel in 0..<3 {
                    let step =
                        Int(filled[inside, y][filled[inside, y].startIndex + channel])
                        - Int(filled[outside, y][filled[outside, y].startIndex + channel])
                    #expect(abs(step) <= 8)
                }
            }
        }
    }

    @Test func `Where nothing is known a view is grey`() throws {
        let mask = try Mask(coverage: ImageBuffer(width: 9, height: 5, channels: 1, color: .black))
        let canvas = Canvas(try ImageBuffer(width: 9, height: 5, color: .white), mask: mask)
        let view = try canvas.view(of: Frame(x: 0, y: -2, side: 9), side: 16)
        #expect(view.mask.keepsNothing)
        #expect(view.picture.samples.allSatisfy { (110...145).contains($0) })
    }

    @Test func `A sliver of a picture costs no more than its pixels`() throws {
        let picture = try ImageBuffer(width: 40_000, height: 2, color: .white)
        var coverage = try ImageBuffer(width: 40_000, height: 2, channels: 1, color: .white)
        coverage.paste(try ImageBuffer(width: 39_000, height: 2, channels: 1, color: .black), x: 500, y: 0)
        let mask = try Mask(coverage: coverage)
        var canvas = Canvas(picture, mask: mask)
        let window = try #require(Frame.window(around: mask, context: 0.5, leastSide: 64))
        _ = try canvas.view(of: window, side: 32)
        try canvas.paint(ImageBuffer(width: 32, height: 32, color: .black), in: window)
        let finished = try canvas.finished()
        #expect(finished.pixel(0) == [255, 255, 255, 255] && finished.pixel(20_000) != [255, 255, 255, 255])
    }

    @Test func `A frame beside the picture is refused`() throws {
        let picture = try ImageBuffer(width: 4, height: 4, color: .white)
        let canvas = Canvas(picture, mask: try Mask(coverage: picture.converted(channels: 1)))
        #expect(throws: ImageError.self) { try canvas.view(of: Frame(x: 4, y: 0, side: 3), side: 3) }
        #expect(throws: ImageError.self) { try picture.grown(left: -1, top: 0, right: 0, bottom: 0) }
        #expect(throws: ImageError.self) { try picture.grown(left: .max, top: 0, right: .max, bottom: 0) }
    }
}

import Imaging
import Testing

@Suite struct FrameTests {
    @Test(arguments: 0..<100) func `A window holds the region, and fits where it can`(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let (width, height) = (dice.roll(1...300), dice.roll(1...300))
        let mask = try dice.mask(width, height)
        let (least, context) = (dice.roll(1...400), Double(dice.roll(0...20)) / 10)
        guard let region = mask.bounds else { return }
        let window = try #require(Frame.window(around: mask, context: context, leastSide: least))
        #expect(window.rectangle.contains(region))
        #expect(window.side <= max(width, height))
        #expect(window.side >= min(least, max(width, height)))
        let wanted = Double(max(region.width, region.height)) * (1 + 2 * context)
        #expect(Double(window.side) >= min(wanted, Double(max(width, height))))
        for (start, extent) in [(window.x, width), (window.y, height)] {
            if window.side <= extent {
                #expect(start >= 0 && start + window.side <= extent)
            } else {
                #expect(start <= 0 && start + window.side >= extent)
            }
        }
    }

    @Test func `A mask that keeps all has no window`() throws {
        let mask = try Mask(coverage: ImageBuffer(width: 5, height: 4, channels: 1, color: .white))
        #expect(Frame.window(around: mask, context: 1, leastSide: 2) == nil)
        #expect(Frame.outwards(from: mask, side: 3, overlap: 0.5).isEmpty)
    }

    @Test func `Enormous contexts and sides are cut to the picture`() throws {
        let mask = try Mask(coverage: ImageBuffer(width: 50, height: 10, channels: 1, color: .black))
        let window = Frame.window(around: mask, context: 1e300, leastSide: .max)
        #expect(window == Frame(x: 0, y: -20, side: 50))
    }

    /// What every list of frames must keep, whatever the picture, the margins and the frames.
    @Test(arguments: 0..<150) func `Frames outwards cover all and lean on what is there`(seed: Int) throws {
        var dice = Dice(UInt64(seed) + 1000)
        let side = dice.roll(4...24)
        let overlap = [0.25, 0.3, 0.5, 0.75][dice.roll(0...3)]
        let known = PixelRectangle(
            x: dice.roll(0...1) * dice.roll(0...50), y: dice.roll(0...1) * dice.roll(0...50), width: dice.roll(1...40),
            height: dice.roll(1...40))
        let canvas = PixelRectangle(
            width: known.maxX + dice.roll(0...1) * dice.roll(0...50),
            height: known.maxY + dice.roll(0...1) * dice.roll(0...50))
        let frames = Frame.outwards(
            from: known, canvasWidth: canvas.width, canvasHeight: canvas.height, side: side, overlap: overlap)

        var isKnown = (0..<canvas.area).map { index in
            known.contains(
                PixelRectangle(x: index % canvas.width, y: index / canvas.width, width: 1, height: 1))
        }
        for (number, frame) in frames.enumerated() {
            let part = frame.rectangle.intersection(canvas)
            let pixels = (part.y..<part.maxY).flatMap { y in (part.x..<part.maxX).map { y * canvas.width + $0 } }
            let share = Double(pixels.filter { isKnown[$0] }.count)
            #expect(frame.side == min(side, max(canvas.width, canvas.height)))
            #expect(share < Double(pixels.count), "a frame with nothing to paint")
            if number > 0 {
                // A slab of the frame, as far as it lies on the canvas.
                #expect(share >= overlap * Double(pixels.count) - 0.001, "frame \(number) of \(frames)")
            } else {
                let slab = Double(frame.side) * overlap
                let most = min(slab, Double(known.width)) * min(slab, Double(known.height))
                #expect(share >= min(most, overlap * Double(pixels.count)) - 0.001, "the first of \(frames)")
            }
            for pixel in pixels { isKnown[pixel] = true }
        }
        #expect(!isKnown.contains(false), "\(known) in \(canvas) with \(side), \(overlap): \(frames)")
    }

    @Test func `A side's margin takes as few frames as the overlap allows`() {
        func frames(_ margin: Int) -> [Frame] {
            Frame.outwards(
                from: PixelRectangle(x: margin, width: 64, height: 64), canvasWidth: 64 + margin, canvasHeight: 64,
                side: 64, overlap: 0.5)
        }
        #expect(frames(32) == [Frame(x: 0, y: 0, side: 64)])
        #expect(frames(64) == [Frame(x: 32, y: 0, side: 64), Frame(x: 0, y: 0, side: 64)])
    }

    @Test func `Hundreds of frames are ordered at once`() {
        let frames = Frame.outwards(
            from: PixelRectangle(x: 400, y: 400, width: 64, height: 64), canvasWidth: 900, canvasHeight: 900,
            side: 64,
            overlap: 0.5)
        #expect(frames.count > 600 && Set(frames).count == frames.count)
    }
}

import Imaging
import Testing

@Suite struct MaskOperationTests {
    @Test(arguments: 0..<30) func `A pooled cell is as little kept as the least of its pixels`(seed: Int) throws {
        var dice = Dice(UInt64(seed))
        let mask = try dice.mask(dice.roll(1...50), dice.roll(1...50))
        let (width, height) = (dice.roll(1...50), dice.roll(1...50))
        let pooled = try mask.conservativelyResized(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let columns = x * mask.width / width..<((x + 1) * mask.width + width - 1) / width
                let rows = y * mask.height / height..<((y + 1) * mask.height + height - 1) / height
                let least = rows.flatMap { row in columns.map { mask.coverage.samples[row * mask.width + $0] } }.min()
                #expect(pooled.coverage.samples[y * width + x] == least)
            }
        }
    }

    @Test(arguments: 0..<30) func `Feathering changes nothing that is kept and keeps nothing more`(seed: Int) throws {
        var dice = Dice(UInt64(seed) + 100)
        let mask = try dice.mask(dice.roll(1...20), dice.roll(1...20))
        let radius = dice.roll(0...8)
        let feathered = mask.feathered(by: radius)
        #expect(feathered.kept == mask.kept)
        let (before, after) = (mask.coverage.samples, feathered.coverage.samples)
        for y in 0..<mask.height {
            for x in 0..<mask.width {
                let index = y * mask.width + x
                #expect(after[index] >= before[index])
                let nearest = mask.kept.map { kept in
                    let (dx, dy) = (kept % mask.width - x, kept / mask.width - y)
                    return Double(dx * dx + dy * dy).squareRoot()
                }.min()
                if nearest ?? .infinity >= Double(radius + 1) { #expect(after[index] == before[index]) }
            }
        }
    }

    @Test func `A feather is a ramp`() throws {
        var coverage = try ImageBuffer(width: 8, height: 1, channels: 1, color: .black)
        coverage.paste(try ImageBuffer(width: 2, height: 1, channels: 1, color: .white), x: 0, y: 0)
        let feathered = try Mask(coverage: coverage).feathered(by: 3).coverage.samples
        #expect(feathered == [255, 255, 191, 127, 63, 0, 0, 0])
    }

    @Test(arguments: 0..<40) func `Bounds hold what is painted and no line more`(seed: Int) throws {
        var dice = Dice(UInt64(seed) + 200)
        let mask = try dice.mask(dice.roll(1...40), dice.roll(1...40))
        let painted = mask.coverage.samples.indices.filter { mask.coverage.samples[$0] < 255 }
        let (columns, rows) = (painted.map { $0 % mask.width }, painted.map { $0 / mask.width })
        guard let left = columns.min(), let right = columns.max(), let top = rows.min(), let bottom = rows.max() else {
            #expect(mask.bounds == nil)
            return
        }
        #expect(mask.bounds == PixelRectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1))
    }

    @Test func `Masks are inverted and joined`() throws {
        func mask(_ samples: [UInt8]) throws -> Mask {
            try Mask(coverage: ImageBuffer(width: samples.count, height: 1, channels: 1, samples: samples))
        }
        #expect(try mask([0, 10, 255]).inverted == mask([255, 245, 0]))
        #expect(try mask([0, 10, 255]).union(mask([255, 20, 200])) == mask([0, 10, 200]))
        #expect(throws: ImageError.self) { try mask([0]).union(mask([0, 0])) }
        #expect(throws: ImageError.self) { try mask([0]).conservativelyResized(width: 0, height: 1) }
    }
}

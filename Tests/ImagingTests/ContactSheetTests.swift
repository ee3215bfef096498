@testable import Imaging
import Testing

@Suite struct ContactSheetTests {
    @Test func `Columns come near to a square`() {
        let expected = [1: 1, 2: 2, 3: 3, 4: 2, 5: 5, 6: 3, 7: 4, 8: 4, 9: 3, 12: 4, 16: 4, 40: 8]
        for (count, columns) in expected { #expect(ContactSheet.columns(for: count) == columns, "\(count)") }
        for count in 1...200 {
            let columns = ContactSheet.columns(for: count)
            #expect(columns >= 1 && columns <= max(count, 1))
        }
    }

    @Test func `Pictures lie in reading order, centred in their cells`() throws {
        let pictures = try (0..<4).map {
            try ImageBuffer.noise($0 == 3 ? 8 : 10, $0 == 3 ? 6 : 12, channels: 3, seed: UInt32($0))
        }
        let sheet = try ContactSheet(padding: 5, background: Color(grey: 9)).draw(pictures)
        #expect((sheet.width, sheet.height, sheet.channels) == (35, 39, 3))
        for (index, x, y) in [(0, 5, 5), (1, 20, 5), (2, 5, 22), (3, 21, 25)] {
            let picture = pictures[index]
            #expect(try sheet.cropped(x: x, y: y, width: picture.width, height: picture.height) == picture)
        }
        #expect(Array(sheet[0, 0]) == [9, 9, 9] && Array(sheet[20, 23]) == [9, 9, 9])
    }

    @Test func `Alpha shows the background, and large pictures are made smaller`() throws {
        let clear = try ImageBuffer(width: 40, height: 20, channels: 4, samples: Array(repeating: 0, count: 3200))
        let sheet = try ContactSheet(padding: 0, background: Color(red: 1, green: 2, blue: 3), maxCellSide: 10).draw([
            clear
        ])
        #expect(try sheet == ImageBuffer(width: 10, height: 5, color: Color(red: 1, green: 2, blue: 3)))
    }

    @Test func `Captions make room and leave ink`() throws {
        let pictures = try (0..<2).map { _ in try ImageBuffer(width: 128, height: 64, color: .black) }
        let plain = try ContactSheet(padding: 8).draw(pictures)
        let blank = try ContactSheet(padding: 8).draw(pictures, captions: ["", " \n\t"])
        #expect(blank == plain)
        guard TextCoverage.draw("a", width: 64, height: 30, pixelsPerEm: 12) != nil else { return }
        let captions = ["a <b>corgi</b> & an \"owl\" \u{0} 猫 🐕", String(repeating: "long caption ", count: 50)]
        let sheet = try ContactSheet(padding: 8).draw(pictures, captions: captions)
        #expect(sheet.width == plain.width && sheet.height > plain.height && sheet.height < plain.height + 64)
        let below = try sheet.cropped(x: 8, y: 72, width: 128, height: sheet.height - 80)
        #expect(below.samples.contains { $0 < 128 })
        let word = try #require(
            TextCoverage.draw(String(repeating: "w", count: 500), width: 64, height: 30, pixelsPerEm: 12))
        #expect(word.width <= 64 && word.height <= 30)
    }

    @Test func `Wrong arguments are refused`() throws {
        let picture = try ImageBuffer(width: 4, height: 4, color: .white)
        #expect(throws: ImageError.self) { try ContactSheet().draw([]) }
        #expect(throws: ImageError.self) { try ContactSheet().draw([picture], captions: ["a", "b"]) }
        for sheet in [
            ContactSheet(padding: -1), ContactSheet(padding: Int.max), ContactSheet(columns: 0),
            ContactSheet(maxCellSide: 0),
        ] {
            #expect(throws: ImageError.self) { try sheet.draw([picture]) }
        }
        let wide = try ImageBuffer(width: 60_000, height: 1, color: .white),
            tall = try ImageBuffer(width: 1, height: 60_000, color: .white)
        #expect(throws: ImageError.self) { try ContactSheet().draw([wide, tall]) }
    }
}

@Suite struct MaskTests {
    @Test func `A mask is a picture's alpha`() throws {
        let picture = try ImageBuffer(width: 2, height: 1, channels: 4, samples: [1, 2, 3, 0, 4, 5, 6, 255])
        let mask = try Mask(alphaOf: picture)
        #expect(mask.coverage.samples == [0, 255] && !mask.keepsAll && !mask.keepsNothing)
        #expect(try mask.resized(width: 1, height: 1).coverage.samples == [128])
        #expect(throws: ImageError.self) { try Mask(alphaOf: picture.converted(channels: 3)) }
        #expect(throws: ImageError.self) { try Mask(coverage: picture) }
    }
}

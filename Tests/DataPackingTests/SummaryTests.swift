import DataPacking
import Foundation
import Imaging
import Testing
import Training

@Suite struct SummaryTests {
    @Test func countsRows() {
        let rows = [
            PackedRow(id: "a", captions: ["a red cat", "cat"], group: "Animals/cats", license: "CC0"),
            PackedRow(id: "b", captions: ["dog"], group: "Animals/dogs", source: "s"),
            PackedRow(id: "c", captions: ["dog"], group: "Objects", split: "val"),
        ]
        let summary = PackSummary(rows: rows)
        #expect(summary.pictures == 3)
        #expect(summary.splits.map(\.name) == ["train", "val"] && summary.splits.map(\.pictures) == [2, 1])
        #expect(summary.groups.map(\.name) == ["Animals", "Objects"])
        #expect(summary.licenses.map(\.name) == ["", "CC0"])
        #expect(summary.distinctCaptions == 2 && summary.distinctWords == 4 && summary.maxWords == 3)
        #expect(abs(summary.meanWords - 5.0 / 3) < 1e-9 && abs(summary.captionsPerPicture - 4.0 / 3) < 1e-9)
        #expect(summary.captionsSharedWithTraining == 1)
    }

    @Test func drawsASheet() async throws {
        let scratch = try Scratch()
        let half = try ImageBuffer(width: 2, height: 2, channels: 4, samples: Array([255, 0, 0, 128].joinedTimes(4)))
        try scratch.write(try half.encoded(as: .png), "pics/a.png")
        try scratch.write("{\"caption\": \"a\", \"split\": \"val\"}", "pics/a.json")
        try await scratch.pack(scratch.folder.appending(path: "pics"))
        let pack = try PicturePack(folder: scratch.pack)
        let sheet = try PackSheet.draw(pack, split: "val", count: 3)
        // The cell lies behind a margin of 16 pixels. Red over white at alpha 128/255.
        #expect(Array(sheet[18, 18]) == [255, 127, 127])
        #expect(try PackSheet.draw(pack) == sheet)
        #expect(throws: PackError.self) { try PackSheet.draw(pack, split: "heldout") }
    }
}

extension Array {
    fileprivate func joinedTimes(_ count: Int) -> [Element] { (0..<count).flatMap { _ in self } }
}

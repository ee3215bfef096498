import DataPacking
import Foundation
import Imaging
import Testing
import Training

/// Each kind of source, packed and read back.
@Suite struct SourceTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func packed() throws -> PicturePack { try PicturePack(folder: scratch.pack) }

    @Test func folder() async throws {
        try scratch.write(try Sample.png(Sample.red), "pics/b.PNG")
        try scratch.write("\u{FEFF}a red square\r\n\r\n  red \r\n", "pics/b.txt")
        try scratch.write(try Sample.webp(Sample.blue), "pics/a dir/c#1%.webp")
        let json = "{\"caption\": \"blue\", \"tags\": \"x,y\", \"split\": \"Validation\", \"id\": 7}"
        try scratch.write(json, "pics/a dir/c#1%.json")
        try scratch.write("said by the text", "pics/a dir/c#1%.txt")
        try scratch.write("no picture", "pics/readme.txt")
        try scratch.write(try Sample.png(), "pics/.hidden/d.png")
        let report = try await scratch.pack(scratch.folder.appending(path: "pics"))
        #expect(report.packed == 2 && report.skipped == 0)
        let pack = try packed()
        #expect(
            pack.rows == [
                PackedRow(id: "7", captions: ["blue"], keywords: ["x", "y"], split: "val", source: "pics"),
                PackedRow(id: "pics/b", captions: ["a red square", "red"], source: "pics"),
            ])
        #expect(try pack.middle(0) == [0, 0, 255, 255])
        #expect(try pack.middle(1) == [255, 0, 0, 255])
    }

    @Test func tableWithFiles() async throws {
        try scratch.write(try Sample.png(Sample.red), "set/images/a.png")
        try scratch.write(try Sample.png(Sample.blue), "set/b.png")
        let table = try scratch.write(
            """
            {"id": "one", "file": "images/a.png", "caption": "red", "alt_captions": ["scarlet", "red"], "keywords": ["k"], \
            "style": "flat", "group": "g/h", "split": "heldout", "source": "s", "license": "CC0", "attribution": "me"}
            {"file_name": "./b.png", "text": "blue", "split": ""}
            """, "set/captions.jsonl")
        try await scratch.pack(table)
        let pack = try packed()
        #expect(
            pack.rows == [
                PackedRow(
                    id: "one", captions: ["red", "scarlet"], style: "flat", keywords: ["k"], group: "g/h",
                    split: "heldout",
                    source: "s", license: "CC0", attribution: "me"),
                PackedRow(id: "captions/b", captions: ["blue"], source: "captions"),
            ])
        #expect(try pack.middle(1) == [0, 0, 255, 255])
    }

    @Test func tableBesideArchives() async throws {
        var first = TarBuilder()
        first.add("images/a.webp", try Sample.webp(Sample.red))
        try scratch.write(first.ended, "set/1.tar")
        var second = TarBuilder()
        second.add("images/a.webp", try Sample.webp(.white))
        second.add("images/b.webp", try Sample.webp(Sample.blue))
        try scratch.write(second.ended, "set/2.tar")
        // The table's order, not the archive's.
        let table = try scratch.write("file,caption\nimages/b.webp,\"blue, all\"\nimages/a.webp,red\n", "set/table.csv")
        try await scratch.pack(table)
        let pack = try packed()
        #expect(pack.rows.map(\.captions) == [["blue, all"], ["red"]])
        #expect(try pack.middle(0) == [0, 0, 255, 255])
        #expect(try pack.middle(1) == [255, 0, 0, 255], "the first archive's")
    }

    @Test func webdataset() async throws {
        var shards: [URL] = []
        for shard in 0..<2 {
            var tar = TarBuilder()
            for sample in 0..<3 {
                tar.add("\(sample).json", Data("{\"key\": \"\(shard)-\(sample)\", \"url\": null}".utf8))
                tar.add("\(sample).png", try Sample.png(Color(grey: UInt8(40 * (3 * shard + sample)))))
                tar.add("\(sample).txt", Data("caption \(sample)".utf8))
                tar.add("\(sample).cls", Data("1".utf8))
            }
            shards.append(try scratch.write(tar.ended, "shard-\(shard).tar"))
        }
        let report = try await Packer.pack(shards, to: scratch.pack, options: small)
        #expect(report.packed == 6)
        let pack = try packed()
        #expect(pack.rows.map(\.id) == ["0-0", "0-1", "0-2", "1-0", "1-1", "1-2"])
        #expect(
            pack.rows.map(\.source) == Array(repeating: "shard-0", count: 3) + Array(repeating: "shard-1", count: 3))
        #expect(pack.rows[4].captions == ["caption 1"])
        #expect(try pack.middle(4) == [160, 160, 160, 255])
    }

    private var small: PackingOptions {
        var options = PackingOptions()
        options.sizes = [4]
        return options
    }

    @Test(arguments: 1..<20) func cutArchive(_ twentieth: Int) async throws {
        var tar = TarBuilder()
        for sample in 0..<10 {
            tar.add("\(sample).txt", Data("caption".utf8))
            tar.add("\(sample).png", try Sample.png())
        }
        let whole = tar.bytes
        let file = try scratch.write(whole.prefix(whole.count * twentieth / 20), "cut.tar")
        do {
            let report = try await scratch.pack(file)
            #expect(report.packed > 0 && report.packed < 10)
            #expect(report.first.contains { $0.id == "cut.tar" })
            #expect(try packed().rows.count == report.packed)
        } catch let error as PackingError {
            #expect(twentieth <= 2, "\(error)")
            #expect(scratch.output.isEmpty)
        }
    }

    @Test func rowsOfOnePictureAreOneRow() async throws {
        try scratch.write(try Sample.png(), "a.png")
        try scratch.write(try Sample.png(), "b.png")
        let table = try scratch.write("image,caption\na.png,one\nb.png,two\na.png,three\na.png,one\n", "t.csv")
        try await scratch.pack(table)
        #expect(try packed().rows.map(\.captions) == [["one", "three"], ["two"]])
    }

    @Test func namedColumns() async throws {
        try scratch.write(try Sample.png(), "a.png")
        let table = try scratch.write("Datei\tTitel\tcaption\tBeschreibung\na.png\tone\tno\ttwo\n", "t.tsv")
        await #expect(throws: PackingError.self) { try await scratch.pack(table) }
        try await scratch.pack(table) {
            $0.columns = ColumnNames(picture: ["Datei"], captions: ["Titel", "Beschreibung"])
        }
        #expect(try packed().rows.map(\.captions) == [["one", "two"]])
    }

    @Test func turnsAsTheCameraSays() async throws {
        // Left red, right blue; to be turned by a quarter, so that left comes to the top.
        let row = (0..<16).flatMap { $0 < 8 ? [255, 0, 0] as [UInt8] : [0, 0, 255] }
        let picture = try ImageBuffer(width: 16, height: 16, channels: 3, samples: (0..<16).flatMap { _ in row })
        let jpeg = try picture.encoded(as: .jpeg(quality: 95))
        let exif: [UInt8] =
            Array("Exif\0\0MM\0*\0\0\0\u{8}\0\u{1}".utf8) + [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
        let turned: Data = jpeg.prefix(2) + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + jpeg.dropFirst(2)
        try scratch.write(turned, "pics/a.jpg")
        try scratch.write("a", "pics/a.txt")
        try await scratch.pack(scratch.folder.appending(path: "pics"))
        let pixels = try packed().pixels(0, size: 4).bytes
        #expect(pixels[0] > 200 && pixels[2] < 60, "the top is red")
        #expect(pixels[3 * 16] < 60 && pixels[3 * 16 + 2] > 200, "the bottom is blue")
    }
}

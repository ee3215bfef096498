import DataPacking
import Foundation
import Imaging
import Testing
import Training

/// What goes wrong, and what is left behind then.
@Suite struct PackerTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// One good row and one of each kind that cannot be packed.
    private func mixed() throws -> URL {
        try scratch.write(try Sample.png(), "set/a.png")
        try scratch.write(try Sample.png().prefix(40), "set/cut.png")
        try scratch.write("", "set/empty.png")
        let outside = try scratch.write(try Sample.png(), "outside.png")
        return try scratch.write(
            """
            {"id": "good", "file": "a.png", "caption": "a", "split": "train"}
            {"id": "mute", "file": "a.png", "caption": " "}
            {"id": "good", "file": "a.png", "caption": "again"}
            {"id": "gone", "file": "b.png", "caption": "b"}
            {"id": "cut", "file": "cut.png", "caption": "c"}
            {"id": "empty", "file": "empty.png", "caption": "d"}
            {"id": "odd", "file": "a.png", "caption": "e", "split": "sideways"}
            {"id": "nameless", "caption": "f"}
            {"id": "outside", "file": "../outside.png", "caption": "g"}
            {"id": "root", "file": "\(outside.path)", "caption": "g"}
            not JSON
            {"id": "last", "file": "a.png", "caption": "z"}
            """, "set/rows.jsonl")
    }

    @Test func skipsAndReports() async throws {
        let report = try await scratch.pack(mixed())
        #expect(report.packed == 2)
        #expect(report.skipped == 10)
        #expect(
            report.first.map(\.id)
                == ["mute", "good", "gone", "cut", "empty", "odd", "nameless", "outside", "root", "rows.jsonl:11"])
        #expect(report.first[0].problem == .noCaption)
        #expect(report.first[1].problem == .duplicateID)
        #expect(report.first[5].problem == .unknownSplit("sideways"))
        #expect(try PicturePack(folder: scratch.pack).rows.map(\.id) == ["good", "last"])
    }

    @Test func strictStopsAtTheFirst() async throws {
        await #expect(throws: PackingError.strict(id: "mute", .noCaption)) {
            try await scratch.pack(mixed()) { $0.isStrict = true }
        }
        #expect(scratch.output.isEmpty)
    }

    @Test func picturesWithoutCaptions() async throws {
        try scratch.write(try Sample.png(), "pics/a.png")
        await #expect(throws: PackingError.nothingLeft(skipped: 1, id: "pics/a", .noCaption)) {
            try await scratch.pack(scratch.folder.appending(path: "pics"))
        }
        #expect(scratch.output.isEmpty)
    }

    @Test func sourcesThatAreNone() async throws {
        try scratch.write("x", "none/readme.md")
        try scratch.write("{}\n", "none/captions.jsonl")
        let cases: [(URL, PackingError)] = [
            (scratch.folder.appending(path: "missing"), .noSuchSource("missing")),
            (try scratch.write("x", "pictures.tar.gz"), .unknownKind("pictures.tar.gz")),
            (try scratch.write("x", "captions"), .unknownKind("captions")),
            (scratch.folder.appending(path: "none"), .noPictures("none", insteadHas: ["captions.jsonl"])),
            (try scratch.write("", "empty.csv"), .unreadable("empty.csv", reason: "it has no rows")),
            (
                try scratch.write("", "empty.tar"),
                .unreadable("empty.tar", reason: "the archive is cut short after 0 files")
            ),
            (try scratch.write(TarBuilder().ended, "no.tar"), .noPictures("no.tar", insteadHas: [])),
            (
                try scratch.write("url,text\nu,t\n", "u.csv"),
                .noPictureColumn("u.csv", expected: ColumnNames().picture, found: ["text", "url"])
            ),
        ]
        for (source, expected) in cases {
            await #expect(throws: expected) { try await scratch.pack(source) }
        }
        #expect(scratch.output.isEmpty)
    }

    @Test func optionsThatAreNone() async throws {
        let good = try mixed()
        let changes: [(inout PackingOptions) -> Void] = [
            { $0.sizes = [] }, { $0.sizes = [0] }, { $0.sizes = [64, 64] }, { $0.sizes = [100_000] },
            { $0.split.valFraction = 1 }, { $0.split.valFraction = -0.1 }, { $0.split.valFraction = .nan },
        ]
        for change in changes {
            await #expect(throws: PackingError.self) { try await scratch.pack(good, change: change) }
        }
    }

    @Test func replacesAPackAndNothingElse() async throws {
        let good = try mixed()
        try await scratch.pack(good)
        try await scratch.pack(good) { $0.sizes = [2, 8] }
        #expect(try PicturePack(folder: scratch.pack).sizes == [2, 8])
        #expect(scratch.output == ["pack"])

        try scratch.write("mine", "out/pack/notes.txt")
        await #expect(throws: PackError.occupied(folder: "pack")) { try await scratch.pack(good) }
        #expect(try PicturePack(folder: scratch.pack).sizes == [2, 8])
        await #expect(throws: PackError.self) { try await Packer.pack([good], to: scratch.folder) }
        #expect(FileManager.default.fileExists(atPath: good.path))
    }

    @Test func outputThatCannotBeWritten() async throws {
        let good = try mixed()
        let blocked = try scratch.write("a file", "blocked").appending(path: "pack")
        let error = await #expect(throws: PackError.self) { try await Packer.pack([good], to: blocked) }
        guard case .unwritable("pack", _)? = error else {
            Issue.record("expected PackError.unwritable, got \(String(describing: error))")
            return
        }
    }

    @Test func cancellingLeavesNothing() async throws {
        try scratch.write(try Sample.png(), "a.png")
        let rows = (0..<200).map { "{\"id\": \($0), \"file\": \"a.png\", \"caption\": \"a\"}" }
        let table = try scratch.write(rows.joined(separator: "\n"), "rows.jsonl")
        let (folder, out) = (scratch.pack, scratch.folder.appending(path: "out"))
        let packing = Task {
            try await Packer.pack([table], to: folder) { progress in
                if progress.done == 20 { withUnsafeCurrentTask { $0?.cancel() } }
                if progress.done == 20, (try? FileManager.default.contentsOfDirectory(atPath: out.path)) == [] {
                    Issue.record("nothing was begun")
                }
            }
        }
        await #expect(throws: CancellationError.self) { try await packing.value }
        #expect(scratch.output.isEmpty)
    }

    @Test func progressCountsEveryPicture() async throws {
        let good = try mixed()
        let (stream, continuation) = AsyncStream.makeStream(of: PackingProgress.self)
        _ = try await Packer.pack([good], to: scratch.pack) { continuation.yield($0) }
        continuation.finish()
        var seen: [PackingProgress] = []
        for await progress in stream { seen.append(progress) }
        #expect(seen.map(\.done) == Array(1...12))
        #expect(seen.last?.skipped == 10 && seen.allSatisfy { $0.total == 12 })
    }

    @Test func orderDoesNotDependOnSpeed() async throws {
        // Large pictures among small ones finish late.
        for index in 0..<40 {
            let side = index % 7 == 0 ? 300 : 3
            try scratch.write(
                try Sample.png(Color(grey: UInt8(index)), width: side, height: side), "pics/\(100 + index).png")
            try scratch.write("number \(index)", "pics/\(100 + index).txt")
        }
        try await scratch.pack(scratch.folder.appending(path: "pics"))
        let pack = try PicturePack(folder: scratch.pack)
        #expect(pack.rows.map { $0.captions[0] } == (0..<40).map { "number \($0)" })
        for index in 0..<40 { #expect(try pack.middle(index)[0] == UInt8(index)) }
    }
}

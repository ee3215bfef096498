import Foundation
import Imaging
import TestSupport
import Testing

@Suite(.serialized)
struct DataCommandTests {
    /// With two pictures in `pics`, one of them damaged.
    private func withPictures<R>(_ body: (URL) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            let pictures = folder.appending(path: "pics")
            try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
            try ImageBuffer(width: 20, height: 10, color: .white).write(to: pictures.appending(path: "a.png"), as: .png)
            for (name, text) in [("a.txt", "a white page"), ("b.png", "not a picture"), ("b.txt", "nothing")] {
                try Data(text.utf8).write(to: pictures.appending(path: name))
            }
            return try body(folder)
        }
    }

    @Test func packsAndShows() throws {
        try withPictures { folder in
            let packed = try Program.run(["data", "pack", "pics", "--out", "packs/one", "--size", "8"], in: folder)
            #expect(packed.status == 0 && packed.output.hasPrefix("1 picture in packs/one"), "\(packed.errors)")
            #expect(packed.errors.contains("left out 1") && packed.errors.contains("pics/b: its picture"))
            let shown = try Program.run(["data", "show", "packs/one"], in: folder)
            #expect(shown.status == 0 && shown.output.contains("train 1"), "\(shown.errors)")
            #expect(try ImageBuffer(contentsOf: folder.appending(path: "one-sheet.png")).width > 8)
        }
    }

    @Test func refusesWithAMessageAndLeavesNothing() throws {
        let cases: [(arguments: [String], status: Int32, culprit: String)] = [
            (["pack", "nowhere", "--out", "out"], 66, "nowhere"),
            (["pack", "pics", "--out", "out", "--strict"], 65, "pics/b"),
            (["pack", "pics", "--out", "out", "--size", "0"], 64, "[0]"),
            (["pack", "pics", "--out", "out", "--fit", "stretch"], 64, "stretch"),
            (["pack", "pics", "--out", "pics"], 73, "pics"),
            (["pack", "pics", "--out", "pics/a.txt/out"], 73, "out"),
            (["show", "pics"], 66, "pics"),
        ]
        try withPictures { folder in
            for (arguments, status, culprit) in cases {
                let outcome = try Program.run(["data"] + arguments, in: folder)
                #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
                #expect(outcome.errors.contains(culprit))
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["pics"])
        }
    }
}

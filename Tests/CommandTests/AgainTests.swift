import Foundation
import Imaging
import TestSupport
import Testing

private let few = ["--model", "tiny", "--steps", "prior=2", "--steps", "2", "--steps", "super_res=2", "--quiet"]

@Suite(.serialized)
struct AgainTests {
    private func withModel<R>(_ body: (URL) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            try FileManager.default.copyItem(at: Goldens.folder("unclip"), to: folder.appending(path: "tiny"))
            try ImageBuffer(width: 24, height: 24, color: Color(red: 20, green: 160, blue: 90))
                .write(to: folder.appending(path: "owl.png"), as: .png)
            var hole = try ImageBuffer(width: 24, height: 24, channels: 4, color: .white)
            hole.paste(
                try ImageBuffer(width: 9, height: 9, channels: 4, samples: Array(repeating: 0, count: 324)), x: 5, y: 5)
            try hole.write(to: folder.appending(path: "hole.png"), as: .png)
            return try body(folder)
        }
    }

    /// Draws with `arguments`, then again from the file, and expects the same pixels and recipe.
    private func expectSame(_ arguments: [String], _ file: String, in folder: URL, again more: [String] = []) throws {
        let drawn = try Program.run(arguments + few, in: folder)
        try #require(drawn.status == 0, "\(drawn.errors)")
        let again = try Program.run(
            ["again", "out/\(file)", "--out", "second", "--json", "--quiet"] + more, in: folder)
        try #require(again.status == 0, "\(again.errors)")
        #expect(again.errors.isEmpty)
        let second = try #require(
            try FileManager.default.contentsOfDirectory(
                atPath: folder.appending(path: "second").path
            ).first)
        let files = [folder.appending(path: "out/\(file)"), folder.appending(path: "second/\(second)")]
        #expect(try ImageBuffer(contentsOf: files[0]) == ImageBuffer(contentsOf: files[1]))
        #expect(try ImageMetadata.read(contentsOf: files[0]) == ImageMetadata.read(contentsOf: files[1]))
        try FileManager.default.removeItem(at: folder.appending(path: "second"))
    }

    @Test(arguments: ["png", "webp"]) func aDrawnPictureComesBack(format: String) throws {
        try withModel { folder in
            try expectSame(
                ["draw", "a “fox” <at> night & day", "-n", "2", "--seed", "7", "--format", format],
                "a-fox-at-night-day-8.\(format)", in: folder, again: ["--format", format])
        }
    }

    @Test func anEditedPictureComesBack() throws {
        try withModel { folder in
            try expectSame(
                ["edit", "owl.png", "--mask", "hole.png", "a hat", "-n", "1", "--seed", "3", "--feather", "2"],
                "a-hat-3.png", in: folder)
        }
    }

    @Test func aFrameOfASeriesComesBack() throws {
        try withModel { folder in
            try expectSame(
                ["blend", "owl.png", "--text", "a hat", "--frames", "3", "--noise", "slerped", "--seed", "3"],
                "owl-a-hat-3-f2.png", in: folder)
            try expectSame(
                ["outpaint", "owl.png", "a wall", "--left", "9", "-n", "1", "--seed", "3"], "a-wall-3.png", in: folder)
        }
    }

    @Test func inputsAreFoundAndChecked() throws {
        try withModel { folder in
            let drawn = try Program.run(
                ["edit", "hole.png", "a hat", "-n", "1", "--seed", "3"] + few, in: folder)
            try #require(drawn.status == 0, "\(drawn.errors)")
            let shown = try Program.run(["again", "out/a-hat-3.png", "--show"], in: folder)
            #expect(shown.output.contains("\"name\" : \"hole.png\"") && !shown.output.contains(folder.path))
            let moved = folder.appending(path: "elsewhere.png")
            try FileManager.default.moveItem(at: folder.appending(path: "hole.png"), to: moved)
            func again(_ more: String...) throws -> Program.Outcome {
                try Program.run(["again", "out/a-hat-3.png", "--quiet"] + more, in: folder)
            }
            var outcome = try again()
            #expect(outcome.status == 64 && outcome.errors.contains("'hole.png'") && outcome.errors.contains("--input"))
            outcome = try again("--input", "owl.png")
            #expect(outcome.status == 64)
            try FileManager.default.copyItem(
                at: folder.appending(path: "owl.png"), to: folder.appending(path: "hole.png"))
            outcome = try again()
            #expect(outcome.status == 64 && outcome.errors.contains("is not the 24x24 picture"))
            outcome = try again("--input", "elsewhere.png", "-n", "2", "--seed", "90")
            #expect(outcome.status == 0 && outcome.output.contains("a-hat-90.png"), "\(outcome.errors)")
        }
    }

    @Test func anotherModelIsNoted() throws {
        try withModel { folder in
            let drawn = try Program.run(["draw", "fox", "-n", "1", "--seed", "7"] + few, in: folder)
            try #require(drawn.status == 0, "\(drawn.errors)")
            let config = folder.appending(path: "tiny/decoder/config.json")
            try (try Data(contentsOf: config) + Data("\n".utf8)).write(to: config)
            let again = try Program.run(["again", "out/fox-7.png", "--quiet", "--json"], in: folder)
            #expect(again.status == 0 && again.errors.contains("not those that drew the picture"), "\(again.errors)")
            let gone = try Program.run(["again", "out/fox-7.png", "--model", "nobody"], in: folder)
            #expect(gone.status == 66)
        }
    }
}

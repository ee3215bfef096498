import Foundation
import Imaging
import TestSupport
import Testing

private let few = ["--model", "tiny", "--steps", "prior=2", "--steps", "2", "--steps", "super_res=2", "--quiet"]
private let fewWithoutPrior = ["--model", "tiny", "--steps", "2", "--steps", "super_res=2", "--quiet"]

/// A folder with the tiny model as `tiny`, pictures and masks.
private func withPictures<R>(_ body: (URL) throws -> R) throws -> R {
    try withTemporaryFolder { folder in
        try FileManager.default.copyItem(at: Goldens.folder("unclip"), to: folder.appending(path: "tiny"))
        var picture = try ImageBuffer(width: 40, height: 30, color: Color(red: 200, green: 120, blue: 40))
        picture.paste(try ImageBuffer(width: 12, height: 9, color: .black), x: 3, y: 5)
        try picture.write(to: folder.appending(path: "cat.png"), as: .png)
        try ImageBuffer(width: 24, height: 24, color: Color(red: 20, green: 160, blue: 90))
            .write(to: folder.appending(path: "owl.png"), as: .png)
        var alpha = try ImageBuffer(width: 40, height: 30, channels: 1, color: .white)
        alpha.paste(try ImageBuffer(width: 10, height: 8, channels: 1, color: .black), x: 20, y: 12)
        try picture.withAlpha(alpha).write(to: folder.appending(path: "hole.png"), as: .png)
        try picture.withAlpha(try ImageBuffer(width: 40, height: 30, channels: 1, color: .white))
            .write(to: folder.appending(path: "whole.png"), as: .png)
        try ImageBuffer(width: 9, height: 9, channels: 4, color: .white)
            .write(to: folder.appending(path: "small.png"), as: .png)
        return try body(folder)
    }
}

private func files(_ folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "out").path)) ?? []).sorted()
}

private func picture(_ folder: URL, _ path: String) throws -> ImageBuffer {
    try ImageBuffer(contentsOf: folder.appending(path: path))
}

@Suite(.serialized)
struct PictureCommandTests {
    @Test func editsUnderAMask() throws {
        try withPictures { folder in
            let outcome = try Program.run(
                ["edit", "cat.png", "--mask", "hole.png", "a hat", "-n", "2", "--seed", "4"] + few, in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(files(folder) == ["a-hat-4-sheet.png", "a-hat-4.png", "a-hat-5.png"])
            let (before, after) = (try picture(folder, "cat.png"), try picture(folder, "out/a-hat-4.png"))
            #expect((after.width, after.height, after.channels) == (40, 30, 3))
            var changed = 0
            for y in 0..<30 {
                for x in 0..<40 where before[x, y] != after[x, y] {
                    #expect((20..<30).contains(x) && (12..<20).contains(y), "(\(x), \(y)) was kept")
                    changed += 1
                }
            }
            #expect(changed > 40)
            // Without a mask the picture's own alpha says the same.
            let own = try Program.run(
                ["edit", "hole.png", "a hat", "-n", "1", "--seed", "4", "--out", "own"] + few, in: folder)
            #expect(own.status == 0, "\(own.errors)")
            #expect(try picture(folder, "own/a-hat-4.png") == after)
        }
    }

    @Test(arguments: [
        (["--left", "10", "--bottom", "6"], 50, 36, 10, 0), (["--all", "4", "--top", "0"], 48, 34, 4, 0),
        (["--to", "50x32"], 50, 32, 5, 1), (["--aspect", "2:1"], 60, 30, 10, 0),
    ])
    func outpaintsToASize(growth: [String], width: Int, height: Int, x: Int, y: Int) throws {
        try withPictures { folder in
            let outcome = try Program.run(
                ["outpaint", "cat.png", "a wall", "-n", "1", "--seed", "4"] + growth + few, in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let grown = try picture(folder, "out/a-wall-4.png")
            #expect((grown.width, grown.height) == (width, height))
            #expect(try grown.cropped(x: x, y: y, width: 40, height: 30) == picture(folder, "cat.png"))
        }
    }

    @Test func variesAndBlends() throws {
        try withPictures { folder in
            let varied = try Program.run(["vary", "owl.png", "-n", "1", "--seed", "3"] + fewWithoutPrior, in: folder)
            #expect(varied.status == 0, "\(varied.errors)")
            let near = try Program.run(
                ["vary", "owl.png", "an owl", "--strength", "0.2", "-n", "1", "--seed", "5"] + fewWithoutPrior,
                in: folder)
            #expect(near.status == 0, "\(near.errors)")
            let blended = try Program.run(
                ["blend", "owl.png", "cat.png", "--weights", "3,1", "-n", "1", "--seed", "3"] + fewWithoutPrior,
                in: folder)
            #expect(blended.status == 0, "\(blended.errors)")
            #expect(files(folder) == ["owl-3.png", "owl-5.png", "owl-cat-3.png"])
        }
    }

    @Test(arguments: ["webp", "gif"]) func aSeriesMoves(format: String) throws {
        try withPictures { folder in
            let outcome = try Program.run(
                [
                    "blend", "owl.png", "--text", "a hat", "--frames", "3", "--noise", "slerped", "--animate", format,
                    "--seed", "3", "--json",
                ]
                    + few, in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let names = (1...3).map { "owl-a-hat-3-f\($0).png" } + ["owl-a-hat-3-sheet.png", "owl-a-hat-3.\(format)"]
            #expect(files(folder) == names.sorted())
            #expect(outcome.output.contains("\"frame\" : 3") && outcome.output.contains("owl-a-hat-3.\(format)"))
            let morphed = try Program.run(
                [
                    "morph", "owl.png", "--from", "a cat", "--to", "a lion", "--theta", "0.2", "--frames", "2",
                    "--animate", format, "--seed", "8",
                ]
                    + fewWithoutPrior, in: folder)
            #expect(morphed.status == 0, "\(morphed.errors)")
            #expect(files(folder).contains("owl-a-lion-8.\(format)"))
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var status: Int32
        var culprit: String
        var arguments: [String]

        init(_ status: Int32, _ culprit: String, _ arguments: String...) {
            (self.status, self.culprit, self.arguments) = (status, culprit, arguments)
        }
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Refusal(66, "missing.png", "edit", "missing.png", "a hat"),
        Refusal(66, "missing.png", "edit", "cat.png", "--mask", "missing.png", "a hat"),
        Refusal(65, "PNG", "edit", "tiny/golden.json", "a hat"),
        Refusal(65, "transparen", "edit", "cat.png", "--mask", "owl.png", "a hat"),
        Refusal(64, "no mask", "edit", "cat.png", "a hat"),
        Refusal(64, "9x9", "edit", "cat.png", "--mask", "small.png", "a hat"),
        Refusal(64, "keeps the whole picture", "edit", "cat.png", "--mask", "whole.png", "a hat"),
        Refusal(64, "prompt is empty", "edit", "hole.png", " "),
        Refusal(64, "feather", "edit", "hole.png", "a hat", "--feather", "5000"),
        Refusal(64, "context", "edit", "hole.png", "a hat", "--context", "-1"),
        Refusal(64, "context", "edit", "hole.png", "a hat", "--context", "nan"),
        Refusal(64, "jumps", "edit", "hole.png", "a hat", "--method", "resampling", "--jumps", "0"),
        Refusal(64, "magic", "edit", "hole.png", "a hat", "--method", "magic"),
        Refusal(64, "picture", "edit"),
        Refusal(66, "missing.png", "outpaint", "missing.png", "a wall", "--all", "4"),
        Refusal(64, "in one way", "outpaint", "cat.png", "a wall"),
        Refusal(64, "in one way", "outpaint", "cat.png", "a wall", "--all", "4", "--to", "64x64"),
        Refusal(64, "margins", "outpaint", "cat.png", "a wall", "--left=-4"),
        Refusal(64, "margins", "outpaint", "cat.png", "a wall", "--all", "0"),
        Refusal(64, "margins", "outpaint", "cat.png", "a wall", "--left", "20000"),
        Refusal(64, "cannot grow", "outpaint", "cat.png", "a wall", "--to", "20x60"),
        Refusal(64, "no size", "outpaint", "cat.png", "a wall", "--to", "big"),
        Refusal(64, "no aspect", "outpaint", "cat.png", "a wall", "--aspect", "16"),
        Refusal(64, "no aspect", "outpaint", "cat.png", "a wall", "--aspect", "1:0"),
        Refusal(64, "already", "outpaint", "cat.png", "a wall", "--aspect", "4:3"),
        Refusal(64, "overlap", "outpaint", "cat.png", "a wall", "--all", "4", "--overlap", "0.1"),
        Refusal(66, "missing.png", "vary", "missing.png"),
        Refusal(64, "strength", "vary", "owl.png", "--strength", "1.5"),
        Refusal(64, "strength", "vary", "owl.png", "--strength", "nan"),
        Refusal(64, "expected 2 to 8", "blend", "owl.png"),
        Refusal(64, "expected 2 to 8", "blend"),
        Refusal(
            64, "expected 2 to 8", "blend", "owl.png", "owl.png", "owl.png", "owl.png", "owl.png", "owl.png", "owl.png",
            "owl.png", "--text", "a hat"),
        Refusal(66, "missing.png", "blend", "owl.png", "missing.png"),
        Refusal(64, "weights", "blend", "owl.png", "cat.png", "--weights", "1,2,3"),
        Refusal(64, "weights", "blend", "owl.png", "cat.png", "--weights", "0,0"),
        Refusal(64, "weights", "blend", "owl.png", "cat.png", "--weights", "1,much"),
        Refusal(64, "weights", "blend", "owl.png", "cat.png", "--weights=-1,2"),
        Refusal(64, "expected 2", "blend", "owl.png", "cat.png", "owl.png", "--frames", "4"),
        Refusal(64, "frames", "blend", "owl.png", "cat.png", "--frames", "0"),
        Refusal(64, "frames", "blend", "owl.png", "cat.png", "--frames", "65"),
        Refusal(64, "not both", "blend", "owl.png", "cat.png", "--frames", "4", "--weights", "1,1"),
        Refusal(64, "--frames", "blend", "owl.png", "cat.png", "--animate", "gif"),
        Refusal(64, "mp4", "blend", "owl.png", "cat.png", "--frames", "2", "--animate", "mp4"),
        Refusal(64, "text is empty", "blend", "owl.png", "--text", ""),
        Refusal(66, "missing.png", "morph", "missing.png", "--from", "a cat", "--to", "a lion"),
        Refusal(64, "θ is 0.6", "morph", "owl.png", "--from", "a cat", "--to", "a lion", "--theta", "0.6"),
        Refusal(64, "θ is -0.1", "morph", "owl.png", "--from", "a cat", "--to", "a lion", "--theta=-0.1"),
        Refusal(64, "--to", "morph", "owl.png", "--from", "a cat"),
        Refusal(64, "from is empty", "morph", "owl.png", "--from", "", "--to", "a lion"),
        Refusal(64, "pictures", "morph", "owl.png", "--from", "a", "--to", "b", "--frames", "40", "-n", "2"),
        Refusal(66, "missing.png", "again", "missing.png"),
        Refusal(64, "no recipe", "again", "cat.png"),
        Refusal(65, "PNG", "again", "tiny/golden.json"),
    ])
    func badInputIsRefusedWithAReason(refusal: Refusal) throws {
        try withPictures { folder in
            let outcome = try Program.run(
                refusal.arguments + (refusal.arguments[0] == "again" ? [] : ["--model", "tiny"]), in: folder)
            #expect(outcome.status == refusal.status, "\(outcome.errors)")
            #expect(outcome.errors.contains(refusal.culprit), "\(outcome.errors)")
            #expect(outcome.output.isEmpty && files(folder).isEmpty)
        }
    }

    @Test func refusalsAreJSONToo() throws {
        try withPictures { folder in
            let outcome = try Program.run(["edit", "cat.png", "a hat", "--model", "tiny", "--json"], in: folder)
            #expect(outcome.status == 64 && outcome.output.contains("\"parameter\" : \"mask\""))
        }
    }
}

import Foundation
import Imaging
import TestSupport
import Testing

private let few = ["--steps", "prior=2", "--steps", "2", "--steps", "super_res=2"]

/// A folder with the tiny model as `tiny`.
private func withModel<R>(_ body: (URL) throws -> R) throws -> R {
    try withTemporaryFolder { folder in
        try FileManager.default.copyItem(at: Goldens.folder("unclip"), to: folder.appending(path: "tiny"))
        return try body(folder)
    }
}

private func files(_ folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
}

@Suite(.serialized)
struct DrawTests {
    private struct Result: Decodable {
        struct Picture: Decodable {
            var file: String
            var seed: UInt64
            var width: Int
        }
        var pictures: [Picture]
        var contactSheet: String?
        var notes: [String]

        init(_ text: String) throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Result.self, from: Data(text.utf8))
        }
    }

    @Test func drawsPicturesAndASheet() throws {
        try withModel { folder in
            let outcome = try Program.run(
                ["draw", "A red fox, at night!", "-n", "2", "--seed", "7", "--model", "tiny"] + few, in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let names = ["a-red-fox-at-night-7.png", "a-red-fox-at-night-7-sheet.png", "a-red-fox-at-night-8.png"]
            #expect(files(folder.appending(path: "out")) == names.sorted())
            #expect(outcome.output == "out/\(names[0])\nout/\(names[2])\nout/\(names[1])\n")
            let picture = try ImageBuffer(contentsOf: folder.appending(path: "out/\(names[0])"))
            #expect(picture.width == 24 && picture.height == 24)
        }
    }

    @Test func onePictureHasNoSheetAndNothingIsOverwritten() throws {
        try withModel { folder in
            let arguments =
                ["draw", "fox", "-n", "1", "--seed", "7", "--model", "tiny", "--out", "a/b", "--quiet"] + few
            let first = try Program.run(arguments, in: folder)
            #expect(first.status == 0 && first.errors.isEmpty && first.output == "a/b/fox-7.png\n")
            let second = try Program.run(arguments, in: folder)
            #expect(second.output == "a/b/fox-7-2.png\n")
            let bytes = try ["fox-7.png", "fox-7-2.png"].map {
                try Data(contentsOf: folder.appending(path: "a/b/\($0)"))
            }
            #expect(bytes[0] == bytes[1])
        }
    }

    @Test func printsJSON() throws {
        try withModel { folder in
            let outcome = try Program.run(
                ["draw", "🦊", "-n", "2", "--model", folder.appending(path: "tiny").path, "--size", "48", "--json"]
                    + few,
                in: folder)
            let result = try Result(outcome.output)
            #expect(outcome.status == 0 && result.pictures.count == 2 && result.notes.isEmpty)
            #expect(result.pictures[1].seed == result.pictures[0].seed &+ 1)
            #expect(result.pictures[0].file == "out/picture-\(result.pictures[0].seed).png")
            #expect(result.pictures[0].width == 48 && result.contactSheet != nil)
        }
    }

    @Test func longPromptsAreCutWithANote() throws {
        try withModel { folder in
            let prompt = String(String(repeating: "fox ", count: 5000).prefix(20_000))
            let outcome = try Program.run(
                ["draw", prompt, "-n", "1", "--model", "tiny", "--json", "--quiet"] + few, in: folder)
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("note: the prompt has 10002 tokens and this model reads 24"))
            #expect(outcome.errors.count < 300)
            #expect(try Result(outcome.output).notes.count == 1)
        }
    }

    @Test func variesAPicture() throws {
        try withModel { folder in
            let outcome = try Program.run(
                [
                    "draw", "--like", "tiny/input.png", "-n", "1", "--seed", "3", "--model", "tiny", "--steps", "2",
                    "--steps", "super_res=2",
                ], in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(files(folder.appending(path: "out")) == ["input-3.png"])
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var status: Int32
        var culprit: String
        var testDescription: String { arguments.joined(separator: " ") }
    }

    @Test(arguments: [
        Refusal(arguments: ["fox", "--model", "nobody"], status: 66, culprit: "nobody"),
        Refusal(arguments: ["fox", "--model", "./nowhere"], status: 66, culprit: "nowhere"),
        Refusal(arguments: ["", "--model", "tiny"], status: 64, culprit: "prompt is empty"),
        Refusal(arguments: ["  ", "--model", "tiny"], status: 64, culprit: "prompt is empty"),
        Refusal(arguments: ["fox", "--model", "tiny", "--size", "25"], status: 64, culprit: "25x25"),
        Refusal(arguments: ["fox", "--model", "tiny", "--size", "big"], status: 64, culprit: "big"),
        Refusal(arguments: ["fox", "--model", "tiny", "-n", "0"], status: 64, culprit: "count"),
        Refusal(arguments: ["fox", "--model", "tiny", "-n", "many"], status: 64, culprit: "many"),
        Refusal(arguments: ["fox", "--model", "tiny", "--seed", "-1"], status: 64, culprit: "seed"),
        Refusal(arguments: ["fox", "--model", "tiny", "--steps", "1"], status: 64, culprit: "steps"),
        Refusal(arguments: ["fox", "--model", "tiny", "--steps", "magic=3"], status: 64, culprit: "magic"),
        Refusal(arguments: ["fox", "--model", "tiny", "--guidance", "super_res=3"], status: 64, culprit: "super_res"),
        Refusal(arguments: ["fox", "--model", "tiny", "--preset", "best"], status: 64, culprit: "best"),
        Refusal(arguments: ["fox", "--model", "tiny", "--device", "abacus"], status: 69, culprit: "abacus"),
        Refusal(arguments: ["fox", "--model", "tiny", "--dtype", "int8"], status: 64, culprit: "int8"),
        Refusal(arguments: ["fox", "--like", "a.png", "--model", "tiny"], status: 64, culprit: "--like"),
        Refusal(arguments: ["--like", "missing.png", "--model", "tiny"], status: 66, culprit: "missing.png"),
        Refusal(arguments: ["--like", "tiny/golden.json", "--model", "tiny"], status: 65, culprit: "PNG"),
        Refusal(arguments: ["fox", "--model", "tiny", "--out", "tiny/input.png"], status: 73, culprit: "input.png"),
        Refusal(
            arguments: ["fox", "--model", "tiny", "--out", "/proc/pictures"], status: 73, culprit: "/proc/pictures"),
        Refusal(arguments: [], status: 64, culprit: "prompt"),
    ])
    func refusesWithAReason(refusal: Refusal) throws {
        try withModel { folder in
            let outcome = try Program.run(["draw"] + refusal.arguments, in: folder)
            #expect(outcome.status == refusal.status, "\(outcome.errors)")
            #expect(outcome.errors.contains(refusal.culprit), "\(outcome.errors)")
            #expect(outcome.output.isEmpty)
            #expect(!files(folder.appending(path: "out")).contains { $0.hasSuffix(".png") })
        }
    }

    @Test func damagedModelsAreBadData() throws {
        try withModel { folder in
            let weights = folder.appending(path: "tiny/decoder/diffusion_pytorch_model.safetensors")
            try Data(contentsOf: weights).prefix(1000).write(to: weights)
            let outcome = try Program.run(["draw", "fox", "--model", "tiny", "--json"] + few, in: folder)
            #expect(outcome.status == 65)
            #expect(outcome.errors.contains("decoder/diffusion_pytorch_model.safetensors"))
            #expect(
                outcome.output.contains("\"kind\" : \"unusable_model\"")
                    && outcome.output.contains("\"exit_code\" : 65"))
            #expect(files(folder.appending(path: "out")).isEmpty)
        }
    }

    @Test func interruptingLeavesNoPartOfAFile() throws {
        try withModel { folder in
            let program = try Program(
                ["draw", "fox", "--model", "tiny", "--steps", "1000", "--steps", "prior=2"], in: folder)
            try program.waitForErrors(containing: "decoder")
            program.interrupt()
            let outcome = program.finish()
            #expect(outcome.status == 130)
            #expect(files(folder.appending(path: "out")).isEmpty)
        }
    }
}

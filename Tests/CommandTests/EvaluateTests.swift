import Foundation
import Imaging
import TestSupport
import Testing

/// The tiny model draws noise; what is tested is that it is judged, and goes on where it stopped.
@Suite(.serialized)
struct EvaluateTests {
    private func withPack<R>(_ body: (URL) throws -> R) throws -> R {
        try withTemporaryFolder { folder in
            try FileManager.default.copyItem(at: Goldens.folder("unclip"), to: folder.appending(path: "tiny"))
            var table = "file,caption,split\n"
            let shades = [
                ("red", Color(red: 220, green: 30, blue: 30)), ("green", Color(red: 40, green: 150, blue: 60)),
                ("blue", Color(red: 40, green: 80, blue: 220)),
            ]
            for (place, split) in ["train", "train", "val"].enumerated() {
                for (name, color) in shades {
                    let file = "\(name)-\(place).png"
                    try ImageBuffer(width: 32 + place, height: 32 + place, color: color).write(
                        to: folder.appending(path: file), as: .png)
                    table += "\(file),\(name) square,\(split)\n"
                }
            }
            try folder.write(table, to: "table.csv")
            let packed = try Program.run(
                ["data", "pack", "table.csv", "--size", "32", "--out", "pack", "--quiet"], in: folder)
            try #require(packed.status == 0, "\(packed.errors)")
            return try body(folder)
        }
    }

    private func arguments(judge: [String] = ["--judge", "tiny"]) -> [String] {
        ["evaluate", "tiny", "--data", "pack", "-n", "2", "--colours", "3", "--grounds", "0"] + judge
            + ["--steps", "2", "--steps", "prior=2", "--steps", "super_res=2", "--device", "cpu"]
    }

    @Test func judgesAndGoesOn() throws {
        try withPack { folder in
            let first = try Program.run(arguments(), in: folder)
            try #require(first.status == 0, "\(first.errors)")
            #expect(first.output.contains("## R-precision@1") && first.output.hasSuffix("evaluation/report.md\n"))
            let out = folder.appending(path: "evaluation")
            let made = Set(try FileManager.default.contentsOfDirectory(atPath: out.path))
            #expect(
                made == [
                    "plan.json", "report.json", "report.md", "pictures", "drawn.png", "compared.png", "colours.png",
                    "nearest.png",
                ])
            let pictures = out.appending(path: "pictures")
            let names = try FileManager.default.contentsOfDirectory(atPath: pictures.path).sorted()
            #expect(names.count == 6 && names.allSatisfy { $0.hasSuffix(".png") || $0.hasSuffix(".json") })

            // One picture is lost: that one alone is drawn again, the same.
            let lost = pictures.appending(path: names[1])
            let before = try Data(contentsOf: lost)
            let kept = try modified(pictures.appending(path: names[3]))
            try FileManager.default.removeItem(at: pictures.appending(path: names[0]))
            try Data("half".utf8).write(to: lost)
            let second = try Program.run(arguments() + ["--json", "--quiet"], in: folder)
            #expect(second.status == 0, "\(second.errors)")
            #expect(second.errors.hasPrefix("limn: warning: The judge is the model's own CLIP"), "\(second.errors)")
            #expect(try Data(contentsOf: lost) == before)
            #expect(try modified(pictures.appending(path: names[3])) == kept)
            #expect(try JSONSerialization.jsonObject(with: Data(second.output.utf8)) is [String: Any])

            // Without another one the judge that comes with Limn looks at the same pictures.
            let third = try Program.run(arguments(judge: []) + ["--quiet"], in: folder)
            #expect(third.status == 0 && third.errors.isEmpty, "\(third.errors)")
            let report = try String(contentsOf: out.appending(path: "report.md"), encoding: .utf8)
            #expect(report.contains("limn-judge"))
            #expect(try modified(pictures.appending(path: names[3])) == kept)

            let other = try Program.run(arguments() + ["--guidance", "2"], in: folder)
            #expect(other.status == 64 && other.errors.contains("choose another --out"))
        }
    }

    @Test func refusesBeforeDrawing() throws {
        try withPack { folder in
            func expect(_ status: Int32, _ words: String, _ changed: [String]) throws {
                let outcome = try Program.run(["evaluate"] + changed, in: folder)
                #expect(outcome.status == status && outcome.errors.contains(words), "\(outcome.errors)")
                #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "evaluation").path))
            }
            let good = ["tiny", "--data", "pack", "--judge", "tiny"]
            try expect(64, "3 distinct captions and 4 are asked for", good + ["-n", "4"])
            try expect(64, "it has train, val", good + ["-n", "2", "--split", "heldout"])
            try expect(64, "holds no CLIP", ["tiny", "--data", "pack", "--judge", "pack", "-n", "2"])
            try expect(66, "not a pack", ["tiny", "--data", "tiny", "--judge", "tiny", "-n", "2"])
            try expect(66, "there is no model 'large'", ["large", "--data", "pack", "--judge", "tiny", "-n", "2"])
        }
    }

    private func modified(_ file: URL) throws -> Date? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
    }
}

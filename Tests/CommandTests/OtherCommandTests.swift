import Foundation
import TestSupport
import Testing

@Suite(.serialized)
struct OtherCommandTests {
    private let goldens = Goldens.folder("unclip").deletingLastPathComponent()

    @Test func conformPassesOnTheOwnRecordings() throws {
        let outcome = try Program.run(["conform", "unclip", "-q"], in: goldens)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("All 5 runs conform."))
    }

    @Test func conformFailsOutsideTheTolerance() throws {
        let outcome = try Program.run(["conform", "unclip", "--tolerance", "1e-12", "--json"], in: goldens)
        #expect(outcome.status == 1)
        let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect((report?["runs"] as? [Any])?.count == 5)
    }

    @Test(arguments: [("nowhere", 66), ("unclip/prior", 66)])
    func conformNeedsAFixture(folder: String, status: Int32) throws {
        let outcome = try Program.run(["conform", folder], in: goldens)
        #expect(outcome.status == status && !outcome.errors.isEmpty && outcome.output.isEmpty)
    }

    @Test func modelsAreListedAndDescribed() throws {
        let rows = try Program.run(["models"], in: goldens).output.split(separator: "\n")
        #expect(rows.contains { $0.split(separator: " ").prefix(2) == ["unclip", "unclip"] })
        let info = try Program.run(["models", "info", "unclip"], in: goldens)
        #expect(info.status == 0)
        #expect(info.output.contains("stage     decoder: unclip, 25 steps, guidance 8.0"))
        #expect(info.output.contains("tasks     blend, inpaint, outpaint, text_difference, text_to_image, variation"))
        let missing = try Program.run(["models", "info", "nobody", "--json"], in: goldens)
        #expect(missing.status == 66 && missing.output.contains("\"kind\" : \"unknown_model\""))
    }

    @Test(arguments: [["--help"], ["draw", "--help"], ["conform", "--help"]])
    func helpTeachesByExample(arguments: [String]) throws {
        let outcome = try Program.run(arguments, in: goldens)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("EXAMPLES") && outcome.output.contains("EXIT CODES"))
        #expect(outcome.output.contains("130"))
    }
}

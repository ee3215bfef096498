import Foundation
import TestSupport
import Testing

/// What the verbs say of themselves, as it is kept in `Tests/Snapshots`. A change that is meant is recorded with
/// `LIMN_RECORD=1 make test FILTER=HelpTests`.
@Suite(.serialized)
struct HelpTests {
    private static let folder = URL(filePath: #filePath).appending(path: "../../Snapshots").standardizedFileURL

    @Test(arguments: ["draw", "edit", "outpaint", "vary", "blend", "morph", "again"])
    func helpIsAsRecorded(verb: String) throws {
        let outcome = try Program.run([verb, "--help"], in: Self.folder)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("EXAMPLES\n  limn \(verb) ") && outcome.output.contains("EXIT CODES"))
        let file = Self.folder.appending(path: "help-\(verb).txt")
        if ProcessInfo.processInfo.environment["LIMN_RECORD"] != nil {
            try Data(outcome.output.utf8).write(to: file)
        }
        #expect(try outcome.output == String(contentsOf: file, encoding: .utf8))
    }
}

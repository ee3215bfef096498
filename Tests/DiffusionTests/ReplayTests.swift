import Diffusion
import TestSupport
import Testing

/// Every recorded run of the reference's schedulers, step by step and as a whole.
@Suite struct ReplayTests {
    @Test(.enabled(if: Fixtures.canRun("schedulers"))) func fixtures() throws {
        try check(try Recording(try Fixtures.folder("schedulers")), atLeast: 1700)
    }

    @Test func ownGoldens() throws {
        try check(try Recording.own(), atLeast: 700)
    }

    /// Tables and single steps differ by a few roundings; whole runs may amplify them.
    private func check(_ recording: Recording, atLeast count: Int) throws {
        var compared = 0
        for call in recording.calls.keys.sorted() {
            for comparison in try recording.replay(call) {
                let error = try relativeError(comparison.actual, comparison.expected)
                let tolerance = comparison.name.hasSuffix("chained") ? 1e-4 : 1e-6
                #expect(error <= tolerance, "\(call)/\(comparison.name)")
                compared += 1
            }
        }
        #expect(compared >= count)
    }
}

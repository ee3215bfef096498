import TestSupport
import Testing

@testable import Diffusion

/// Every recorded run of the reference's schedulers, step by step and as a whole.
@Suite struct ReplayTests {
    @Test(.enabled(if: Fixtures.canRun("schedulers"))) func fixtures() throws {
        try check(try Recording(try Fixtures.folder("schedulers")), atLeast: 1700)
    }

    @Test func ownGoldens() throws {
        try check(try Recording.own(), atLeast: 700)
    }

    /// Tables and single steps differ by a few roundings; whole runs may amplify them. Square roots of tables are rounded by
    /// libtorch in ways that differ by processor: a process of zero terminal SNR makes of their last place 3e-6 in its β,
    /// 5e-5 in its step from σ = 4096, and UniPC 1.1e-6 in any.
    private func check(_ recording: Recording, atLeast count: Int) throws {
        var compared = 0
        for call in recording.calls.keys.sorted() {
            let amplifies = recording.calls[call]?.config.flag("rescale_betas_zero_snr") == true
            for comparison in try recording.replay(call) {
                let error = try relativeError(comparison.actual, comparison.expected)
                let tolerance = amplifies || comparison.name.hasSuffix("chained") ? 1e-4 : 2e-6
                #expect(error <= tolerance, "\(call)/\(comparison.name)")
                compared += 1
            }
        }
        #expect(compared >= count)
    }
}

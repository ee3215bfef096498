import Checkpoints
import Diffusion
import Pipelines
import TestSupport
import Testing

@Suite struct SchedulerConformanceTests {
    @Test(
        .enabled(if: Fixtures.canRun("schedulers")),
        arguments: ["unclip_decoder_karlo/25", "dpmpp_2m_karras/10", "euler_karras_v/25", "add_noise/ddim"])
    func replaysRecordedCalls(_ name: String) throws {
        let golden = try GoldenSet(folder: Fixtures.folder("schedulers"))
        let comparisons = try SchedulerConformance.replay(name, of: golden)
        #expect(!comparisons.isEmpty)
        for comparison in comparisons {
            expectClose(
                comparison.actual, comparison.expected, relativeToAbsMax: 1e-6, "\(name)/\(comparison.name)")
        }
    }

    @Test(.enabled(if: Fixtures.canRun("schedulers")))
    func refusesWhatIsNoSchedulerRun() throws {
        let golden = try GoldenSet(folder: Fixtures.folder("karlo-tiny"))
        #expect(throws: CheckpointError.self) { try SchedulerConformance.replay("a_3_3_2", of: golden) }
        #expect(throws: CheckpointError.self) { try SchedulerConformance.replay("absent", of: golden) }
    }
}

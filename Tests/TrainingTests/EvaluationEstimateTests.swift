import Scenes
import Testing

@testable import Training

struct EvaluationEstimateTests {
    /// Of many samples of a known mean, about 95 % have it inside their interval.
    @Test func intervalsCoverTheMean() throws {
        let trials = 200
        let covered = try (0..<trials).count { trial in
            var random = Randomness(seed: 11, UInt64(trial))
            let values = (0..<60).map { _ in random.chance(0.3) ? 1.0 : 0 }
            let estimate = try #require(
                Bootstrap.estimate(count: 60, replicates: 200, seed: UInt64(trial)) { weights in
                    zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / 60
                })
            return (estimate.low...estimate.high).contains(0.3)
        }
        #expect((0.88...0.99).contains(Double(covered) / Double(trials)))
    }

    @Test func meansAndQuantiles() throws {
        let mean = try #require(Bootstrap.mean([1, 2, 3, 4]))
        #expect(mean.value == 2.5 && mean.low < 2 && mean.high > 3)
        #expect(Bootstrap.mean([2, 2]) == Estimate(value: 2, low: 2, high: 2))
        #expect(Bootstrap.mean([]) == nil)
        #expect(Bootstrap.quantile(0.5, of: [9, 1, 5])?.value == 5)
        #expect(Bootstrap.quantile(0.05, of: (0..<100).map(Double.init))?.value == 5)
    }

    @Test func writesTables() {
        let table = MetricTable(
            name: "x", title: "Title", explanation: "How to read it.", columns: ["a", "b"],
            rows: [
                .init("first", [Estimate(value: 0.5, low: 0.25, high: 0.75), nil]),
                .init("2", [Estimate(value: 1, low: 1, high: 1), nil]),
            ], digits: 2)
        #expect(
            table.markdown == """
                ## Title

                |       | a                   | b |
                |-------|---------------------|---|
                | first | 0.50 (0.25 to 0.75) | – |
                | 2     | 1.00                | – |

                How to read it.

                """)
    }
}

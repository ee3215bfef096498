import Foundation
import Logging
import Store

/// Takes away, again and again, what is past its time.
struct Sweeper: Sendable {
    let store: any DataStore
    let retention: Retention
    let clock: WallClock
    let logger: Logger
    var pause = Duration.seconds(60)

    func run() async {
        while !Task.isCancelled {
            do {
                let swept = try await sweep()
                if swept != Swept() {
                    logger.info("swept", metadata: ["pictures": "\(swept.pictures)", "jobs": "\(swept.jobs)"])
                }
            } catch is CancellationError {
                return
            } catch {
                logger.error("the sweep failed", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: pause)
        }
    }

    func sweep() async throws -> Swept {
        let now = clock.now()
        let swept = try await store.sweep(
            now: now, jobsBefore: retention.jobs.mapValues { now - $0 }, decisionsBefore: now - retention.decisions)
        try await store.collectGarbage()
        return swept
    }
}

import Foundation
import Store
import Testing

@testable import Service

@Suite("Limits")
struct LimitsTests {
    /// The sum of what 64 clients at once were allowed, each asking for 1 to 3 pictures until it is refused.
    private func allowed(_ service: TestService) async throws -> Int {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<64 {
                group.addTask { [jobs = service.jobs, draft = service.draft(count: 1 + client % 3)] in
                    do {
                        return try await jobs.submit(draft).job.count
                    } catch JobError.rateLimited {
                        return 0
                    }
                }
            }
            return try await group.reduce(0, +)
        }
    }

    @Test func sixtyFourClientsAtOnceGetExactlyTheLimitOfEveryWindow() async throws {
        let clock = TestClock()
        let service = try await TestService(clock: clock.clock)
        // Requests for one picture fill what larger ones leave.
        var first = try await allowed(service)
        while (try? await service.jobs.submit(service.draft())) != nil { first += 1 }
        #expect(first == 50)
        clock.advance(59.999)
        #expect(try await allowed(service) == 0)
        clock.advance(0.001)
        var second = try await allowed(service)
        while (try? await service.jobs.submit(service.draft())) != nil { second += 1 }
        #expect(second == 50)
        let status = try await service.limits.status(of: service.ann)
        #expect(status.limit == 50 && status.remaining == 0 && status.reset == 60)
    }

    @Test func whatDoesNotFitIsRefusedAndChargesNothing() async throws {
        let clock = TestClock()
        let service = try await TestService(clock: clock.clock, defaults: LimitDefaults(imagesPerMinute: 4))
        _ = try await service.jobs.submit(service.draft(count: 3))
        clock.advance(10)
        do {
            _ = try await service.jobs.submit(service.draft(count: 2))
            Issue.record("two more than remain were taken")
        } catch JobError.rateLimited(let status, let wait) {
            #expect(status.remaining == 1 && wait == 50)
        }
        _ = try await service.jobs.submit(service.draft(count: 1))
        #expect(try await service.limits.status(of: service.bob).remaining == 4)
    }

    @Test func aRefusedPromptCounts() async throws {
        let service = try await TestService()
        let decision = PolicyDecision(subject: .prompt, verdict: .refused, rule: "r", category: "violence")
        await #expect(throws: JobError.self) {
            _ = try await service.jobs.submit(service.draft(count: 2, decisions: [decision]))
        }
        let status = try await service.limits.status(of: service.ann)
        #expect(status.remaining == 48 && status.monthUsed == 0 && status.activeJobs == 0)
    }
}

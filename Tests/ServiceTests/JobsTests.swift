import Foundation
import Store
import Testing

@testable import Service

@Suite("Jobs")
struct JobsTests {
    @Test func aJobIsDrawnAndItsSeedGivesTheSameAgain() async throws {
        let service = try await TestService()
        try await service.jobs.start()
        let job = try await service.jobs.submit(service.draft(count: 2)).job
        let result = try #require(try await service.jobs.result(of: job.id, owner: service.ann.id))
        #expect(result.job.state == .succeeded && result.pictures.map(\.index) == [0, 1])
        var again = service.draft()
        again.request.seed = result.pictures[1].seed
        let other = try await service.jobs.submit(again).job
        let second = try #require(try await service.jobs.result(of: other.id, owner: service.ann.id))
        let blobs = service.store.blobs
        #expect(try blobs.read(second.pictures[0].blob) == blobs.read(result.pictures[1].blob))
        await service.jobs.shutDown(within: .seconds(1))
    }

    @Test func anothersJobIsNotFound() async throws {
        let service = try await TestService()
        let job = try await service.jobs.submit(service.draft()).job
        let bob = service.bob.id
        #expect(try await service.jobs.status(of: job.id, owner: bob) == nil)
        #expect(try await service.jobs.cancel(job.id, owner: bob) == nil)
        #expect(try await service.jobs.events(of: job.id, owner: bob) == nil)
        #expect(try await service.jobs.result(of: job.id, owner: bob) == nil)
        #expect(try await service.jobs.status(of: job.id, owner: service.ann.id)?.ahead == 0)
    }

    @Test func aQueuedAndARunningJobAreCancelled() async throws {
        let service = try await TestService(stepTime: .milliseconds(50))
        let queued = try await service.jobs.submit(service.draft()).job
        #expect(try await service.jobs.cancel(queued.id, owner: service.ann.id)?.state == .cancelled)
        try await service.jobs.start()
        let running = try await service.jobs.submit(service.draft()).job
        while try await service.jobs.status(of: running.id, owner: service.ann.id)?.progress == nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        #expect(try await service.jobs.cancel(running.id, owner: service.ann.id)?.state == .cancelled)
        #expect(try await service.store.pictures(of: running.id).isEmpty)
        await service.jobs.shutDown(within: .seconds(1))
    }

    @Test func aJobThatNobodyWaitsForIsCancelledAfterTheGrace() async throws {
        var options = JobOptions()
        options.grace = .milliseconds(50)
        let service = try await TestService(options: options)
        let left = try await service.jobs.submit(service.draft(isDetached: false)).job
        let kept = try await service.jobs.submit(service.draft()).job
        let waiter = Task { [jobs = service.jobs, owner = service.ann.id] in
            _ = try await jobs.result(of: left.id, owner: owner)
        }
        waiter.cancel()
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await service.store.job(left.id, owner: service.ann.id)?.state == .cancelled)
        #expect(try await service.store.job(kept.id, owner: service.ann.id)?.state == .queued)
    }

    @Test func aRetryJoins() async throws {
        let service = try await TestService()
        let first = try await service.jobs.submit(service.draft(body: "same"))
        let retry = try await service.jobs.submit(service.draft(body: "same", retries: 1))
        #expect(first.isNew && !retry.isNew && retry.job.id == first.job.id)
        #expect(retry.limits.remaining == 49)
    }

    @Test(arguments: [nil, 0] as [Int?])
    func aRunningJobWaitsForAClientThatComesBack(retries: Int?) async throws {
        // Longer than the slowest machine takes to come back.
        var options = JobOptions()
        options.grace = .seconds(600)
        options.returnGrace = .seconds(600)
        let service = try await TestService(stepTime: .milliseconds(100), options: options)
        try await service.jobs.start()
        let job = try await service.jobs.submit(service.draft(isDetached: false, body: "same", retries: retries)).job
        let waiter = Task { [jobs = service.jobs, owner = service.ann.id] in
            _ = try await jobs.result(of: job.id, owner: owner)
        }
        while try await service.jobs.status(of: job.id, owner: service.ann.id)?.progress == nil {
            try await Task.sleep(for: .milliseconds(5))
        }
        waiter.cancel()
        _ = await waiter.result
        let again = try await service.jobs.submit(service.draft(isDetached: false, body: "same", retries: 1))
        let result = try #require(try await service.jobs.result(of: again.job.id, owner: service.ann.id))
        #expect(result.job.state == .succeeded)
        // One that does not come back is gone at once: the next one is another's job.
        #expect((again.job.id == job.id) == (retries != nil))
        await service.jobs.shutDown(within: .seconds(1))
    }

    @Test func eventsGoOnWhereAReaderStopped() async throws {
        let service = try await TestService(stepTime: .milliseconds(5))
        try await service.jobs.start()
        let job = try await service.jobs.submit(service.draft(count: 2)).job
        var last: JobEvent.ID?
        for await event in try #require(try await service.jobs.events(of: job.id, owner: service.ann.id)) {
            last = event.id
            break
        }
        var pictures: [Int] = []
        var end: Job.State?
        let rest = try #require(try await service.jobs.events(of: job.id, owner: service.ann.id, after: last))
        for await event in rest {
            switch event.kind {
            case .picture(let picture): pictures.append(picture.index)
            case .status(let status): end = status.job.state
            case .preview, .note, .keepalive: break
            }
        }
        #expect(pictures.sorted() == [0, 1] && end == .succeeded)
        await service.jobs.shutDown(within: .seconds(1))
    }

    @Test func aFailureIsTold() async throws {
        let service = try await TestService()
        try await service.jobs.start()
        let job = try await service.jobs.submit(service.draft("fail please")).job
        let good = try await service.jobs.submit(service.draft("good")).job
        let result = try #require(try await service.jobs.result(of: job.id, owner: service.ann.id))
        #expect(result.job.state == .failed && result.job.failure?.kind == "engine_failed")
        let other = try #require(try await service.jobs.result(of: good.id, owner: service.ann.id))
        #expect(other.job.state == .succeeded)
        await service.jobs.shutDown(within: .seconds(1))
    }

    @Test func shuttingDownPutsWorkBack() async throws {
        let service = try await TestService(stepTime: .seconds(5))
        try await service.jobs.start()
        let job = try await service.jobs.submit(service.draft()).job
        while try await service.store.job(job.id, owner: service.ann.id)?.state == .queued {
            try await Task.sleep(for: .milliseconds(5))
        }
        await service.jobs.shutDown(within: .milliseconds(10))
        let handed = try await service.store.job(job.id, owner: service.ann.id)
        #expect(handed?.state == .queued && handed?.attempts == 0)
        await #expect(throws: JobError.self) { _ = try await service.jobs.submit(service.draft()) }
    }
}

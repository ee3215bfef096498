import Foundation
import Testing

@testable import Store

@Suite("Jobs in the store")
struct JobTests {
    @Test func aJobGoesThroughItsStates() async throws {
        let temporary = try await TemporaryStore()
        let (store, now) = (temporary.store, temporary.start)
        let job = try await temporary.accepted(temporary.submission(count: 2))
        #expect(job.state == .queued)
        let claimed = try #require(try await store.claim([job.id, Job.ID()], now: now + 1).first)
        #expect(claimed.state == .running && claimed.attempts == 1 && claimed.started == now + 1)
        #expect(try await store.claim([job.id], now: now).isEmpty)
        for index in 0..<2 {
            let picture = try temporary.picture(origin: .generated, job: job.id, index: index)
            #expect(try await store.add(drawn: picture, decision: nil))
        }
        let done = try #require(try await store.finish(job.id, as: .drawn, now: now + 2))
        #expect(done.state == .succeeded && done.finished == now + 2)
        #expect(try await store.finish(job.id, as: .cancelled, now: now) == nil)
        #expect(try await store.pictures(of: job.id).map(\.seed) == [.max, .max])
        #expect(try await store.examine().isEmpty)
    }

    @Test func aPlaceIsFilledOnce() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let job = try await temporary.running(count: 2)
        #expect(try await store.add(drawn: temporary.picture(origin: .generated, job: job.id), decision: nil))
        #expect(try await !store.add(drawn: temporary.picture(origin: .generated, job: job.id), decision: nil))
        #expect(try await store.doneIndices(of: job.id) == [0])
        _ = try await store.finish(job.id, as: .cancelled, now: temporary.start)
        let late = try temporary.picture(origin: .generated, job: job.id, index: 1)
        #expect(try await !store.add(drawn: late, decision: nil))
    }

    @Test func anIdempotencyKeyGivesItsJobForADay() async throws {
        let temporary = try await TemporaryStore()
        let (store, now) = (temporary.store, temporary.start)
        let job = try await temporary.accepted(temporary.submission(idempotencyKey: "k"))
        guard case .joined(let same, let usage) = try await store.accept(temporary.submission(idempotencyKey: "k"))
        else { throw TemporaryStore.Unexpected() }
        #expect(same.id == job.id)
        #expect(usage.window.map(\.images) == [1])
        guard case .conflict = try await store.accept(temporary.submission(body: "other", idempotencyKey: "k"))
        else { throw TemporaryStore.Unexpected() }
        // Another account's key is another key, and so is the same one a day later.
        let bobs = try await temporary.accepted(temporary.submission(of: temporary.bob, idempotencyKey: "k"))
        #expect(bobs.id != job.id)
        let late = temporary.submission(at: now + 86400, body: "other", idempotencyKey: "k")
        #expect(try await temporary.accepted(late).id != job.id)
    }

    @Test func aRetryTakesTheJobInFlight() async throws {
        let temporary = try await TemporaryStore()
        let (store, now) = (temporary.store, temporary.start)
        let job = try await temporary.running()
        let retry = temporary.submission(joinsSince: now - 60)
        guard case .joined(let same, _) = try await store.accept(retry) else { throw TemporaryStore.Unexpected() }
        #expect(same.id == job.id)
        let other = temporary.submission(of: temporary.bob, joinsSince: now - 60)
        #expect(try await temporary.accepted(other).owner == temporary.bob)
        _ = try await store.finish(job.id, as: .cancelled, now: now)
        #expect(try await temporary.accepted(retry).id != job.id)
    }

    @Test func whatIsRefusedChargesNothing() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        _ = try await temporary.accepted(temporary.submission(count: 4, limit: 5))
        guard case .refused(.rate, let usage) = try await store.accept(temporary.submission(count: 2, limit: 5))
        else { throw TemporaryStore.Unexpected() }
        #expect(usage.month == 4)
        guard case .refused(.quota, _) = try await store.accept(temporary.submission(quota: 4)),
            case .refused(.tooManyJobs, let last) = try await store.accept(temporary.submission(jobs: 1))
        else { throw TemporaryStore.Unexpected() }
        #expect(last.window.map(\.images) == [4] && last.activeJobs == 1)
    }

    @Test func aRejectedJobCountsForTheWindowAlone() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let decision = PolicyDecision(subject: .prompt, verdict: .refused, rule: "r1", category: "violence")
        let job = try await temporary.accepted(temporary.submission(count: 3, decisions: [decision]))
        #expect(job.state == .rejected && job.finished != nil)
        let usage = try await store.usage(of: temporary.ann, now: temporary.start, window: 60)
        #expect(usage == Usage(window: [.init(date: temporary.start, images: 3)], month: 0, activeJobs: 0))
        #expect(try await store.decisions(limit: 9).map(\.decision) == [decision])
        #expect(try await store.examine().isEmpty)
    }

    @Test func picturesThatWereNotDrawnAreGivenBack() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let job = try await temporary.running(count: 5)
        _ = try await store.add(drawn: temporary.picture(origin: .generated, job: job.id), decision: nil)
        let decision = PolicyDecision(subject: .output, verdict: .refused, rule: "r", category: "sexual")
        for _ in 0..<2 {
            try await store.filter(job.id, index: 1, decision: decision, now: temporary.start)
        }
        let failed = try await store.finish(job.id, as: .drawn, now: temporary.start)
        #expect(failed?.state == .failed && failed?.filtered == 1)
        #expect(try await store.usage(of: temporary.ann, now: temporary.start, window: 60).month == 2)
        #expect(try await store.days(of: temporary.ann, since: "2027-01-01").map(\.images) == [2])
        #expect(try await store.months(of: [temporary.ann], now: temporary.start) == [temporary.ann: 2])
    }

    @Test func aJobWhoseEveryPictureIsStoppedIsRejected() async throws {
        let temporary = try await TemporaryStore()
        let job = try await temporary.running()
        let decision = PolicyDecision(subject: .output, verdict: .refused, rule: "r", category: "sexual")
        try await temporary.store.filter(job.id, index: 0, decision: decision, now: temporary.start)
        #expect(try await temporary.store.doneIndices(of: job.id) == [0])
        #expect(try await temporary.store.finish(job.id, as: .drawn, now: temporary.start)?.state == .rejected)
    }

    @Test func anothersPictureIsUnknown() async throws {
        let temporary = try await TemporaryStore()
        let picture = try await temporary.sent(of: temporary.bob)
        let submission = temporary.submission(inputs: [picture.id])
        guard case .unknownPicture(picture.id) = try await temporary.store.accept(submission)
        else { throw TemporaryStore.Unexpected() }
    }

    @Test func afterACrashRunningJobsAreQueuedAgainThreeTimes() async throws {
        let temporary = try await TemporaryStore()
        let (store, now) = (temporary.store, temporary.start)
        let failure = Job.Failure(kind: "server_error", message: "m")
        let job = try await temporary.accepted(temporary.submission())
        for attempt in 1...2 {
            #expect(try await store.claim([job.id], now: now).first?.attempts == attempt)
            #expect(try await store.recover(attempts: 3, failure: failure, now: now).isEmpty)
            #expect(try await store.job(job.id, owner: temporary.ann)?.state == .queued)
        }
        _ = try await store.claim([job.id], now: now)
        try await store.handBack([job.id], attempted: false)
        _ = try await store.claim([job.id], now: now)
        let failed = try await store.recover(attempts: 3, failure: failure, now: now)
        #expect(failed.map(\.failure) == [failure])
        #expect(try await store.usage(of: temporary.ann, now: now, window: 60).month == 0)
    }

    @Test func stagedBlobsAreKeptOnlyWithARow() async throws {
        let temporary = try await TemporaryStore()
        let store = temporary.store
        let job = try await temporary.running()
        let kept = try temporary.picture(origin: .generated, job: job.id)
        #expect(try await store.add(drawn: kept, decision: nil))
        let lost = try store.blobs.stage(Data("x".utf8))
        #expect(try await store.examine().isEmpty)
        _ = try await store.recover(attempts: 3, failure: .init(kind: "", message: ""), now: temporary.start)
        #expect(store.files.stagedNames().isEmpty)
        #expect(try store.blobs.read(kept.blob) == Data("bytes".utf8))
        #expect(throws: StoreError.missingBlob) { try store.blobs.read(lost) }
    }
}

import Foundation
import Store
import Testing

@testable import Service

@Suite("The fair queue")
struct FairQueueTests {
    private let ann = User.ID()
    private let bob = User.ID()

    private func job(_ owner: User.ID, _ prompt: String, count: Int = 1, size: String = "256x256") throws -> QueuedJob {
        var request = JobRequest(.textToImage, prompt: prompt, count: count)
        request.size = size
        let job = Job(
            owner: owner, source: .api, request: "", task: "text_to_image", prompt: prompt, model: "m", count: count,
            created: .now)
        return QueuedJob(job: job, request: request, batchKey: try request.imageRequest([:]).batchKey)
    }

    @Test func accountsTakeTurns() throws {
        var queue = FairQueue()
        for prompt in ["a1", "a2", "a3"] { queue.append(try job(ann, prompt, size: "64x64")) }
        queue.append(try job(bob, "b1"))
        #expect(queue.order.map(\.job.prompt) == ["a1", "b1", "a2", "a3"])
        var taken: [String] = []
        while queue.count > 0 { taken += queue.next(limit: 1) { _ in true }.map(\.job.prompt) }
        #expect(taken == ["a1", "b1", "a2", "a3"])
    }

    @Test func aBatchHoldsOnlyWhatFits() throws {
        var queue = FairQueue()
        queue.append(try job(ann, "a1", count: 2))
        queue.append(try job(ann, "a2", size: "64x64"))
        queue.append(try job(ann, "a3", count: 4))
        queue.append(try job(bob, "b1", count: 3))
        queue.append(try job(bob, "b2", count: 3))
        #expect(queue.next(limit: 8) { _ in true }.map(\.job.prompt) == ["a1", "b1", "b2"])
        #expect(queue.order.map(\.job.prompt) == ["a2", "a3"])
    }

    @Test func aRunnerTakesOnlyItsModels() throws {
        var queue = FairQueue()
        queue.append(try job(ann, "a1"))
        #expect(queue.next(limit: 8) { $0.job.model == "other" }.isEmpty)
        #expect(queue.count == 1)
    }

    @Test func whatIsRemovedIsNotTaken() throws {
        var queue = FairQueue()
        let first = try job(ann, "a1")
        queue.append(first)
        let removals = [queue.remove(first.job.id, owner: ann), queue.remove(first.job.id, owner: ann)]
        #expect(removals == [true, false])
        #expect(queue.count == 0 && queue.order.isEmpty)
    }
}

import Foundation
import ImageGeneration
import Store

/// A job that waits, with what the queue must know of it.
struct QueuedJob: Sendable {
    var job: Job
    var request: JobRequest
    /// Jobs with equal keys can be drawn together; nil for one that is drawn alone.
    var batchKey: BatchKey?
}

/// Jobs that wait, fair between accounts: accounts take turns, and an account's own jobs go in order.
struct FairQueue: Sendable {
    private var jobs: [User.ID: [QueuedJob]] = [:]
    /// Accounts with jobs; the first one is next.
    private var turns: [User.ID] = []
    private(set) var count = 0

    mutating func append(_ job: QueuedJob) {
        let owner = job.job.owner
        if jobs[owner] == nil { turns.append(owner) }
        jobs[owner, default: []].append(job)
        count += 1
    }

    @discardableResult
    mutating func remove(_ id: Job.ID, owner: User.ID) -> Bool {
        guard let index = jobs[owner]?.firstIndex(where: { $0.job.id == id }) else { return false }
        take(index, of: owner)
        return true
    }

    /// Takes the next job that `isServed`, and others that can be drawn with it, while they have no more than `limit`
    /// pictures together. Everybody who got something goes to the end of the line.
    mutating func next(limit: Int, where isServed: (QueuedJob) -> Bool) -> [QueuedJob] {
        guard let owner = turns.first(where: { jobs[$0]?.contains(where: isServed) == true }),
            let index = jobs[owner]?.firstIndex(where: isServed)
        else { return [] }
        let first = take(index, of: owner)
        var batch = [first]
        var served = [owner]
        guard let key = first.batchKey else {
            moveToEnd(served)
            return batch
        }
        var pictures = first.job.count
        var isFull = false
        while !isFull {
            isFull = true
            for owner in turns.filter({ !served.contains($0) }) + served {
                let fitting = jobs[owner]?.firstIndex {
                    $0.batchKey == key && $0.job.count <= limit - pictures && isServed($0)
                }
                guard let fitting else { continue }
                let job = take(fitting, of: owner)
                batch.append(job)
                pictures += job.job.count
                if !served.contains(owner) { served.append(owner) }
                isFull = false
            }
        }
        moveToEnd(served)
        return batch
    }

    /// All jobs in the order in which they will be taken, batches aside.
    var order: [QueuedJob] {
        var order: [QueuedJob] = []
        order.reserveCapacity(count)
        var round = 0
        while order.count < count {
            for owner in turns {
                if let list = jobs[owner], round < list.count { order.append(list[round]) }
            }
            round += 1
        }
        return order
    }

    @discardableResult
    private mutating func take(_ index: Int, of owner: User.ID) -> QueuedJob {
        var list = jobs[owner] ?? []
        let job = list.remove(at: index)
        jobs[owner] = list.isEmpty ? nil : list
        if list.isEmpty { turns.removeAll { $0 == owner } }
        count -= 1
        return job
    }

    private mutating func moveToEnd(_ served: [User.ID]) {
        turns.removeAll { served.contains($0) }
        turns += served.filter { jobs[$0] != nil }
    }
}

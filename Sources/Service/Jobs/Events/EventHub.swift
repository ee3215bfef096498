import Foundation
import Imaging
import Store
import Synchronization

/// What happened to jobs, for any number of readers at their own pace.
///
/// For each job the hub keeps what still matters: the last status, every finished picture, the last preview of each one
/// that is not. A reader asks for all that came after a number; one that is slow, or comes back later, gets less to read
/// and misses nothing, and no queue grows for it.
final class EventHub: Sendable {
    enum Topic: Hashable, Sendable {
        case job(Job.ID)
        case account(User.ID)
    }

    private struct Log {
        var owner: User.ID
        var last = 0
        var isOver = false
        var slots: [Slot: JobEvent] = [:]
        var previews: [Int: Int] = [:]
    }

    /// Events of one slot replace each other.
    private enum Slot: Hashable {
        case status, preview(Int), picture(Int), note(String)
    }

    private struct State {
        var number = 0
        var logs: [Job.ID: Log] = [:]
        var jobs: [User.ID: Set<Job.ID>] = [:]
        var accountLast: [User.ID: Int] = [:]
        var readers: [Topic: [UUID: CheckedContinuation<Void, Never>]] = [:]
        var subscriptions: [Topic: Int] = [:]
    }

    /// Told apart from other runs of the server, whose numbers mean nothing here.
    let epoch = RandomText.base32(bits: 50)
    private let state = Mutex(State())

    // MARK: Writing

    /// Makes a job known, so that readers can wait for its first event.
    func open(_ job: Job.ID, owner: User.ID) {
        state.withLock { state in
            guard state.logs[job] == nil else { return }
            state.logs[job] = Log(owner: owner)
            state.jobs[owner, default: []].insert(job)
        }
    }

    func publish(_ kind: JobEvent.Kind, of job: Job.ID) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard var log = state.logs[job], !log.isOver else { return [] }
            state.number += 1
            let number = state.number
            let event = JobEvent(id: JobEvent.ID(epoch: epoch, number: number), job: job, kind: kind)
            switch kind {
            case .status(let status):
                log.slots[.status] = event
                if status.job.state.isFinal {
                    log.isOver = true
                    log.slots = log.slots.filter { if case .preview = $0.key { false } else { true } }
                }
            case .preview(let index, _, _):
                guard log.slots[.picture(index)] == nil else { return [] }
                log.slots[.preview(index)] = event
            case .picture(let picture):
                log.slots[.preview(picture.index)] = nil
                log.slots[.picture(picture.index)] = event
            case .note(let text): log.slots[.note(text)] = event
            case .keepalive: return []
            }
            log.last = number
            state.logs[job] = log
            state.accountLast[log.owner] = number
            return Self.take(&state, .job(job)) + Self.take(&state, .account(log.owner))
        }
        for reader in woken { reader.resume() }
    }

    /// How many previews of a picture were counted so far; counts one more.
    func countPreview(of job: Job.ID, index: Int) -> Int {
        state.withLock { state in
            let number = state.logs[job]?.previews[index] ?? 0
            state.logs[job]?.previews[index] = number + 1
            return number
        }
    }

    /// Forgets a job. Readers that are still at it find its end in the store.
    func close(_ job: Job.ID) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard let log = state.logs.removeValue(forKey: job) else { return [] }
            state.jobs[log.owner]?.remove(job)
            if state.jobs[log.owner]?.isEmpty == true {
                state.jobs[log.owner] = nil
                if state.subscriptions[.account(log.owner)] == nil { state.accountLast[log.owner] = nil }
            }
            return Self.take(&state, .job(job))
        }
        for reader in woken { reader.resume() }
    }

    // MARK: Reading

    enum Reading {
        /// In order; the last ones may have replaced others since the reader's number.
        case events([JobEvent], isOver: Bool)
        /// The hub does not know the job.
        case unknown
    }

    func read(_ topic: Topic, after number: Int) -> Reading {
        state.withLock { state in
            let logs: [Log]
            switch topic {
            case .job(let job):
                guard let log = state.logs[job] else { return .unknown }
                logs = [log]
            case .account(let owner):
                logs = (state.jobs[owner] ?? []).compactMap { state.logs[$0] }
            }
            let events = logs.flatMap { log in
                log.last > number ? log.slots.values.filter { $0.id.number > number } : []
            }
            let isOver = if case .job = topic { logs.allSatisfy(\.isOver) } else { false }
            return .events(events.sorted { $0.id.number < $1.id.number }, isOver: isOver)
        }
    }

    /// The number of the newest event.
    var newest: Int { state.withLock { $0.number } }

    /// Waits until there may be something after a number, or the time is over.
    func wait(_ topic: Topic, after number: Int, timeout: Duration?) async {
        let reader = UUID()
        let timer = timeout.map { duration in
            Task {
                try? await Task.sleep(for: duration)
                self.release(reader, of: topic)
            }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isNews = state.withLock { state in
                    let last: Int?
                    switch topic {
                    case .job(let job): last = state.logs[job].map { $0.isOver ? Int.max : $0.last } ?? Int.max
                    case .account(let owner): last = state.accountLast[owner]
                    }
                    if (last ?? 0) > number || Task.isCancelled { return true }
                    state.readers[topic, default: [:]][reader] = continuation
                    return false
                }
                if isNews { continuation.resume() }
            }
        } onCancel: {
            release(reader, of: topic)
        }
        timer?.cancel()
    }

    private func release(_ reader: UUID, of topic: Topic) {
        let continuation = state.withLock { state in
            let continuation = state.readers[topic]?.removeValue(forKey: reader)
            if state.readers[topic]?.isEmpty == true { state.readers[topic] = nil }
            return continuation
        }
        continuation?.resume()
    }

    private static func take(_ state: inout State, _ topic: Topic) -> [CheckedContinuation<Void, Never>] {
        state.readers.removeValue(forKey: topic).map { Array($0.values) } ?? []
    }

    // MARK: Who is there

    func subscribe(_ topic: Topic) { state.withLock { $0.subscriptions[topic, default: 0] += 1 } }

    func unsubscribe(_ topic: Topic) {
        state.withLock { state in
            let left = (state.subscriptions[topic] ?? 1) - 1
            state.subscriptions[topic] = left > 0 ? left : nil
        }
    }

    var hasFollowers: Bool { state.withLock { !$0.subscriptions.isEmpty } }

    func isFollowed(_ topic: Topic) -> Bool { state.withLock { $0.subscriptions[topic] != nil } }

    /// Whether anybody follows a job or its account: if not, news of its place in the queue need not be told.
    func isFollowed(_ job: Job.ID, owner: User.ID) -> Bool {
        state.withLock { $0.subscriptions[.job(job)] != nil || $0.subscriptions[.account(owner)] != nil }
    }
}

import Store

/// Events of a job, until its end, or of all jobs of an account, without one.
public struct JobEvents: AsyncSequence, Sendable {
    public typealias Element = JobEvent
    public typealias Failure = Never

    let hub: EventHub
    let topic: EventHub.Topic
    /// Where a reader begins.
    let after: Int
    /// What comes first, for a job that ended before.
    let initial: [JobEvent]
    let isOver: Bool
    let keepalive: Duration?

    public func makeAsyncIterator() -> Iterator { Iterator(self) }

    public final class Iterator: AsyncIteratorProtocol {
        private let events: JobEvents
        private var pending: ArraySlice<JobEvent>
        private var number: Int
        private var isOver: Bool

        init(_ events: JobEvents) {
            self.events = events
            pending = events.initial[...]
            number = events.after
            isOver = events.isOver
            events.hub.subscribe(events.topic)
        }

        deinit { events.hub.unsubscribe(events.topic) }

        public func next() async -> JobEvent? { await next(isolation: nil) }

        public func next(isolation actor: isolated (any Actor)?) async -> JobEvent? {
            var hasWaited = false
            while true {
                if let event = pending.popFirst() {
                    number = Swift.max(number, event.id.number)
                    return event
                }
                if isOver || Task.isCancelled { return nil }
                guard case .events(let news, let isOver) = events.hub.read(events.topic, after: number) else {
                    return nil
                }
                self.isOver = isOver
                pending = news[...]
                if !pending.isEmpty || isOver { continue }
                if hasWaited, events.keepalive != nil {
                    return JobEvent(
                        id: JobEvent.ID(epoch: events.hub.epoch, number: number), job: nil, kind: .keepalive)
                }
                await events.hub.wait(events.topic, after: number, timeout: events.keepalive)
                hasWaited = true
            }
        }
    }
}

import Dispatch
import Foundation

/// The one thread that owns tensors.
///
/// Gradient and inference modes, autocast and CUDA streams belong to a thread in libtorch, and a long sampling loop
/// must not hold a thread of Swift's cooperative pool; so the worker is an actor with an operating-system thread of
/// its own as its executor. Tensors cannot leave `run`: they are not `Sendable`.
public actor TorchWorker {
    private nonisolated let executor: ThreadExecutor
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    public init(name: String = "limn.torch") { executor = ThreadExecutor(name: name) }
    deinit { executor.stop() }

    /// Runs the body on the worker's thread. Throws what it throws, or the first error that its operations met and
    /// nobody read back.
    public func run<R: Sendable>(_ body: @Sendable () throws -> R) throws -> R {
        _ = TorchError.take()
        let result = try body()
        try TorchError.check()
        return result
    }

    /// Runs the body with a value that stays on this worker, such as a loaded model.
    public func run<S, R: Sendable>(with state: Confined<S>, _ body: @Sendable (S) throws -> R) throws -> R {
        try run { try body(state.value) }
    }

    /// Makes a value that stays on this worker.
    public func confine<S>(_ make: @Sendable () throws -> S) throws -> Confined<S> {
        _ = TorchError.take()
        let value = Confined(try make(), executor: executor)
        try TorchError.check()
        return value
    }
}

/// A value made of tensors, kept for one worker: others may hold the box, only that worker's `run(with:)` opens it.
public final class Confined<S>: @unchecked Sendable {
    // Unchecked: `value` is read only on the worker's thread, which `precondition` below enforces, and the last
    // release of tensors is safe on any thread.
    private let stored: S
    private let executor: ThreadExecutor

    init(_ value: S, executor: ThreadExecutor) {
        stored = value
        self.executor = executor
    }

    var value: S {
        precondition(executor.isCurrent, "a confined value was opened on another worker than its own")
        return stored
    }
}

/// A serial executor on a thread of its own, with the stack that deep networks' backward passes want.
final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [UnownedJob] = []
    private var stopped = false
    private nonisolated(unsafe) var thread: Thread?

    init(name: String) {
        let thread = Thread { [self] in work() }
        thread.name = name
        thread.stackSize = 16 << 20
        self.thread = thread
        thread.start()
    }

    var isCurrent: Bool { Thread.current === thread }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        condition.withLock {
            jobs.append(job)
            condition.signal()
        }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    func stop() {
        condition.withLock {
            stopped = true
            condition.signal()
        }
    }

    private func work() {
        while let job = next() {
            job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    private func next() -> UnownedJob? {
        condition.withLock {
            while jobs.isEmpty {
                if stopped { return nil }
                condition.wait()
            }
            return jobs.removeFirst()
        }
    }
}

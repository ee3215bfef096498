import Synchronization

/// The tasks that a service started.
final class RunningTasks: Sendable {
    private let tasks = Mutex<(runners: [Task<Void, Never>], others: [Task<Void, Never>])>(([], []))
    private let alive = Mutex(0)

    /// How many runners have not ended.
    var runners: Int { alive.withLock { $0 } }

    func startRunner(_ work: @escaping @Sendable () async -> Void) {
        alive.withLock { $0 += 1 }
        let task = Task {
            await work()
            alive.withLock { $0 -= 1 }
        }
        tasks.withLock { $0.runners.append(task) }
    }

    func start(_ work: @escaping @Sendable () async -> Void) {
        let task = Task { await work() }
        tasks.withLock { $0.others.append(task) }
    }

    func waitForRunners() async {
        for task in tasks.withLock({ $0.runners }) { await task.value }
    }

    func cancelAll() {
        tasks.withLock { tasks in
            for task in tasks.runners + tasks.others { task.cancel() }
            tasks = ([], [])
        }
    }
}

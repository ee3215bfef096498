import Synchronization

/// The tasks that a service started.
final class RunningTasks: Sendable {
    private let tasks = Mutex<(runners: [Task<Void, Never>], others: [Task<Void, Never>])>(([], []))

    func add(_ task: Task<Void, Never>, isRunner: Bool) {
        tasks.withLock { tasks in
            if isRunner { tasks.runners.append(task) } else { tasks.others.append(task) }
        }
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

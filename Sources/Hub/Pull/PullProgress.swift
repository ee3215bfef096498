import Synchronization

/// How far a pull has come.
public struct PullProgress: Hashable, Sendable {
    public var files: Int
    public var allFiles: Int
    /// Bytes that are there, of the files to fetch.
    public var bytes: Int
    public var allBytes: Int
    /// Bytes a second, of the last seconds; nil until it is known.
    public var rate: Double?
    /// A file that is on its way.
    public var current: String?

    public var fraction: Double { allBytes > 0 ? Double(bytes) / Double(allBytes) : 1 }

    /// Seconds until the last byte, at the same rate.
    public var secondsLeft: Double? {
        guard let rate, rate > 0 else { return nil }
        return Double(allBytes - bytes) / rate
    }
}

/// Counts what parallel downloads bring, and tells it a few times a second.
final class PullMeter: Sendable {
    private struct State {
        var bytes: [String: Int] = [:]
        var finished: Set<String> = []
        var current: String?
        /// Bytes that came over the network, at moments of the last seconds.
        var received = 0
        var samples: [(time: ContinuousClock.Instant, received: Int)] = []
        var told: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let allFiles: Int
    private let allBytes: Int
    private let report: @Sendable (PullProgress) -> Void
    private static let window = Duration.seconds(8)
    private static let interval = Duration.milliseconds(200)

    init(files: Int, bytes: Int, report: @escaping @Sendable (PullProgress) -> Void) {
        allFiles = files
        allBytes = bytes
        self.report = report
    }

    /// Bytes over the network so far, those of failed tries among them.
    var received: Int { state.withLock { $0.received } }

    func begin(_ file: String, bytes: Int) {
        change { state in
            state.bytes[file] = bytes
            state.current = file
        }
    }

    func add(_ file: String, bytes: Int) {
        change { state in
            state.bytes[file, default: 0] += bytes
            state.received += bytes
            state.current = file
        }
    }

    func restart(_ file: String) { change { $0.bytes[file] = 0 } }

    func finish(_ file: String, bytes: Int) {
        change(always: true) { state in
            state.bytes[file] = bytes
            state.finished.insert(file)
        }
    }

    private func change(always: Bool = false, _ body: (inout State) -> Void) {
        let now = ContinuousClock.now
        let progress: PullProgress? = state.withLock { state in
            body(&state)
            if let told = state.told, !always, now - told < Self.interval { return nil }
            state.told = now
            state.samples.append((now, state.received))
            state.samples.removeAll { now - $0.time > Self.window }
            return PullProgress(
                files: state.finished.count, allFiles: allFiles,
                bytes: min(allBytes, state.bytes.values.reduce(0, +)), allBytes: allBytes,
                rate: Self.rate(state.samples),
                current: state.current)
        }
        if let progress { report(progress) }
    }

    private static func rate(_ samples: [(time: ContinuousClock.Instant, received: Int)]) -> Double? {
        guard let first = samples.first, let last = samples.last, last.time - first.time >= .seconds(1) else {
            return nil
        }
        return Double(last.received - first.received) / ((last.time - first.time) / .seconds(1))
    }
}

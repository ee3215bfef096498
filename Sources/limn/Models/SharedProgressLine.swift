import Hub
import Synchronization

/// The progress line of a pull, which parallel downloads write to.
final class SharedProgressLine: Sendable {
    private let line: Mutex<ProgressLine>

    init(isShown: Bool) { line = Mutex(ProgressLine(isShown: isShown)) }

    func show(_ progress: PullProgress) {
        guard progress.allFiles > 0 else { return }
        let rate = progress.rate.map { ", \(ByteCount(Int($0)))/s" } ?? ""
        let left = progress.secondsLeft.map { ", \(ProgressLine.duration($0)) left" } ?? ""
        let text =
            "\(ByteCount(progress.bytes)) of \(ByteCount(progress.allBytes))\(rate)\(left), "
            + "\(progress.files) of \(progress.allFiles) files"
        line.withLock {
            $0.draw(text, stage: "\(progress.files) of \(progress.allFiles) files fetched", fraction: progress.fraction)
        }
    }

    func clear() { line.withLock { $0.clear() } }
}

import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM as a request to save and stop; the second one stops at once.
final class Interruption: Sendable {
    private let requested = Atomic(false)
    // Only made and released, never changed.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [weak self] in self?.request() }
            source.resume()
        }
    }

    var isRequested: Bool { requested.load(ordering: .relaxed) }

    private func request() {
        if requested.exchange(true, ordering: .relaxed) {
            // `exit` would take down what libtorch's threads are working with.
            _exit(130)
        }
        FileHandle.standardError.write(Data("\nsaving; Ctrl-C again stops at once\n".utf8))
    }
}

import ArgumentParser
import Foundation
import Synchronization

/// Many inputs, one after the other, watched by a thread that ends the process if one of them hangs.
struct Campaign {
    private let options: Fuzz.Options

    init(_ options: Fuzz.Options) { self.options = options }

    func run(_ target: some FuzzTarget) throws {
        for (number, seed) in target.seeds.enumerated() where try !target.accepts(seed) {
            throw FuzzFailure("whole input \(number) is refused")
        }
        let watch = Watchdog(patience: options.patience)
        let clock = ContinuousClock()
        let start = clock.now
        var accepted = 0
        for number in options.from..<options.from + options.inputs {
            watch.begin(number)
            let input = Self.input(number, options.seed, target)
            if let keep = options.keep { try Data(input).write(to: URL(fileURLWithPath: keep)) }
            do {
                accepted += try target.accepts(input) ? 1 : 0
            } catch {
                say("input \(number): \(error)")
                throw ExitCode.failure
            }
            if number % 1024 == 0 { try checkMemory(number) }
        }
        watch.end()
        try checkMemory(options.from + options.inputs)
        let seconds = (clock.now - start) / .seconds(1)
        print(
            "\(options.inputs) inputs in \(Int(seconds)) s: \(accepted) accepted, \(options.inputs - accepted) refused, "
                + "0 crashes, 0 hangs, at most \(Self.peakMemory >> 20) MiB")
    }

    private static func input(_ number: Int, _ seed: UInt64, _ target: some FuzzTarget) -> [UInt8] {
        var mutator = Mutator(seed: seed &* 0x9E37_79B9 &+ UInt64(number), seeds: target.seeds, words: target.words)
        var input = mutator.input()
        if mutator.coin() { target.repair(&input) }
        return input
    }

    private func checkMemory(_ number: Int) throws {
        guard Self.peakMemory >> 20 <= options.memory else {
            say(
                "by input \(number) the process took \(Self.peakMemory >> 20) MiB; at most \(options.memory) are allowed"
            )
            throw ExitCode.failure
        }
    }

    /// Bytes.
    private static var peakMemory: Int {
        var usage = rusage()
        getrusage(numericCast(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }

    private func say(_ text: String) { FileHandle.standardError.write(Data("limn-fuzz: \(text)\n".utf8)) }
}

/// Ends the process when one input takes too long, and says which.
private final class Watchdog: Sendable {
    private let current = Atomic<Int>(-1)

    init(patience: Double) {
        Thread.detachNewThread { [self] in
            var last = -2
            while true {
                Thread.sleep(forTimeInterval: patience)
                let now = current.load(ordering: .relaxed)
                guard now >= -1 else { return }
                if now == last {
                    FileHandle.standardError.write(Data("limn-fuzz: input \(now) hangs\n".utf8))
                    abort()
                }
                last = now
            }
        }
    }

    func begin(_ number: Int) { current.store(number, ordering: .relaxed) }

    func end() { current.store(-2, ordering: .relaxed) }
}

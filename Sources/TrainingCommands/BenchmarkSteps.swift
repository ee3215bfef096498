import ArgumentParser
import Foundation
import Torch
import Training

/// `limn train bench`
struct BenchmarkSteps: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Time training steps on made-up data.",
        discussion: """
              limn train bench decoder --config Benchmarks/training.json

            Prints the seconds of each step, a line each: forward, backward, clipping, AdamW and the averaged weights.
            `scripts/bench-training` compares them with PyTorch's.
            """)

    @Argument(help: "decoder or clip.")
    var part: StepBenchmark.Part

    @Option(help: "The networks and the loop's settings, a JSON file.")
    var config: String

    @Option(help: "How many steps are counted; two more come before.")
    var steps = 10

    @Option(help: "How many threads one operation may use; by default one a core.")
    var threads: Int?

    func run() async throws {
        let (file, part, steps, threads) = (URL(filePath: config), part, max(1, steps), threads)
        let seconds = try await TorchWorker(name: "limn.bench").run {
            if let threads { Library.threads = threads }
            let (benchmark, _): (StepBenchmark, Data) = try ConfigurationFile.read(file)
            return try benchmark.seconds(part, steps: steps)
        }
        for step in seconds { print(step) }
    }
}

extension StepBenchmark.Part: ExpressibleByArgument {}

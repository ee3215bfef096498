import ArgumentParser
import Foundation
import Pipelines

struct Conform: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that Limn computes what a reference implementation did.",
        discussion: """
            Replays every run that a fixture folder holds (golden.json with golden.safetensors, or cases.json), feeding \
            the recorded noise. Each value is compared twice: forced, computed from the recorded inputs of its step; and \
            chained, computed from the noise on. Forced values must be within the tolerance, pictures must reach the PSNR.

            EXAMPLES
              limn conform fixtures/karlo-tiny
              limn conform fixtures/karlo-tiny --device cuda --tolerance 1e-3 --psnr 60
              limn conform fixtures/schedulers --json > report.json

            EXIT CODES
            \(ExitStatus.table)
            """)

    @Argument(help: "The fixture folder.")
    var folder: String

    @Option(help: ArgumentHelp("Largest error of a value, as a share of its absolute maximum.", valueName: "share"))
    var tolerance = 1e-4

    @Option(help: ArgumentHelp("Peak signal-to-noise ratio that pictures must reach, in dB.", valueName: "dB"))
    var psnr = 80.0

    @Option(help: ArgumentHelp("auto, cpu, cuda, cuda:N or mps.", valueName: "device"))
    var device = "cpu"

    @Option(help: ArgumentHelp("float32, bfloat16 or float16.", valueName: "dtype"))
    var dtype = "float32"

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print one line a run, and the values that failed.")
    var quiet = false

    func run() async throws {
        let engine = EngineOptions(device: device, dtype: dtype)
        try await reporting(json: json) { [folder, tolerance, psnr, json, quiet] in
            let (device, dtype) = try engine.resolved()
            let report = try await Conformance.run(
                URL(filePath: folder), dtype: dtype, device: device,
                limits: ConformanceLimits(tolerance: tolerance, psnr: psnr))
            if json {
                Terminal.output.json(report)
            } else {
                ConformanceTable(report, isShort: quiet).lines.forEach(Terminal.output.line)
            }
            if !report.passed { throw ExitCode(ExitStatus.failedChecks.rawValue) }
        }
    }
}

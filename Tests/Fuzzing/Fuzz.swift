import ArgumentParser
import Foundation

/// Feeds damaged inputs to what reads strangers' bytes: no crash, no hang, no memory that grows.
@main
struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limn-fuzz",
        abstract: "Feed damaged inputs to the form parser, the picture decoders and the readers of checkpoints.",
        discussion: """
            Each input follows from --seed and its number alone. After a crash or a hang, the number is on standard error: \
            run it again with --from NUMBER --inputs 1.

            EXAMPLES
              limn-fuzz forms --inputs 1000000
              limn-fuzz pictures --inputs 100000 --seed 7
              limn-fuzz checkpoints --inputs 100000
            """,
        subcommands: [Forms.self, Pictures.self, Checkpoints.self])

    struct Options: ParsableArguments {
        @Option(help: "How many inputs.")
        var inputs = 10_000

        @Option(help: "Another seed gives other inputs.")
        var seed: UInt64 = 1

        @Option(help: "The first input's number.")
        var from = 0

        @Option(help: "Seconds that one input may take.")
        var patience = 10.0

        @Option(help: "The most memory that the process may take, in MiB.")
        var memory = 512

        @Option(help: "Also write each input to this file before it is read, so that a crash leaves it behind.")
        var keep: String?
    }

    struct Forms: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Damaged multipart/form-data bodies.")
        @OptionGroup var options: Options

        func run() throws { try Campaign(options).run(FormTarget()) }
    }

    struct Pictures: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Damaged PNG, JPEG and WebP files.")
        @OptionGroup var options: Options

        func run() throws { try Campaign(options).run(try PictureTarget()) }
    }

    struct Checkpoints: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Damaged safetensors files, PyTorch archives and Flax checkpoints.")
        @OptionGroup var options: Options

        func run() throws {
            let target = try CheckpointTarget()
            defer { target.removeFile() }
            try Campaign(options).run(target)
        }
    }
}

/// Something that reads bytes.
protocol FuzzTarget {
    /// Whole inputs to damage.
    var seeds: [[UInt8]] { get }
    /// Pieces that its format knows.
    var words: [[UInt8]] { get }

    /// Repairs what keeps a damaged input from being read any further, such as checksums.
    func repair(_ input: inout [UInt8])

    /// Reads an input: true if it was accepted, false if it was refused as it should be.
    /// - Throws: `FuzzFailure` if a promise was broken.
    func accepts(_ input: [UInt8]) throws -> Bool
}

struct FuzzFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}

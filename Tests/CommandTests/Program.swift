import Foundation
import Testing

/// The `limn` that was built beside the tests, run as a user runs it.
struct Program {
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    static let url: URL = {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        // The tests' own bundle lies in the folder of products.
        let beside = Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "limn")
        let places = [beside, root.appending(path: ".build/debug/limn"), root.appending(path: ".build/release/limn")]
        return places.compactMap(\.self).first { FileManager.default.isExecutableFile(atPath: $0.path) }
            ?? root.appending(path: ".build/debug/limn")
    }()

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    /// - Parameters:
    ///   - folder: where it runs, and where it looks for models.
    ///   - input: its standard input; short enough for a pipe to hold.
    init(_ arguments: [String], in folder: URL, input: String = "") throws {
        let typed = Pipe()
        process.standardInput = typed
        typed.fileHandleForWriting.write(Data(input.utf8))
        try typed.fileHandleForWriting.close()
        process.executableURL = Self.url
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["LIMN_MODELS"] = folder.path
        environment["OMP_NUM_THREADS"] = "1"
        environment["XDG_CACHE_HOME"] = folder.appending(path: ".cache").path
        environment["COLUMNS"] = "100"
        process.environment = environment
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// Waits for words on standard error.
    func waitForErrors(containing words: String) throws {
        var seen = ""
        while !seen.contains(words) {
            let data = errors.fileHandleForReading.availableData
            try #require(!data.isEmpty, "ended without saying '\(words)': \(seen)")
            seen += String(decoding: data, as: UTF8.self)
        }
    }

    func interrupt() { process.interrupt() }

    func finish() -> Outcome {
        // What is read first must be short, or the other pipe fills up: standard error is.
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let wasKilled = process.terminationReason == .uncaughtSignal
        return Outcome(
            status: process.terminationStatus + (wasKilled ? 1000 : 0), output: String(decoding: said, as: UTF8.self),
            errors: String(decoding: complained, as: UTF8.self))
    }

    static func run(_ arguments: [String], in folder: URL, input: String = "") throws -> Outcome {
        try Program(arguments, in: folder, input: input).finish()
    }
}

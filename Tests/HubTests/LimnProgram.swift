import Foundation
import Testing

/// The `limn` that was built beside the tests, run against a stand-in, with folders of its own.
struct LimnProgram: Sendable {
    let folder: URL
    let endpoint: String

    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    var cache: URL { folder.appending(path: "hub") }

    func process(_ arguments: [String]) -> Process {
        let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let process = Process()
        process.executableURL = root.appending(path: ".build/debug/limn")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = [
            "HOME": folder.path, "PATH": "/usr/bin:/bin", "HF_ENDPOINT": endpoint, "HF_HUB_CACHE": cache.path,
            "XDG_DATA_HOME": folder.appending(path: "data").path, "OMP_NUM_THREADS": "1",
        ]
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Runs a command to its end, away from the threads that serve the stand-in.
    func run(_ arguments: String...) async throws -> Outcome {
        let process = process(arguments)
        // Files, so that neither stream waits for a reader.
        let streams = ["output", "errors"].map { folder.appending(path: "\($0)-\(UUID().uuidString)") }
        for stream in streams { _ = FileManager.default.createFile(atPath: stream.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: streams[0])
        process.standardError = try FileHandle(forWritingTo: streams[1])
        await withCheckedContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                Issue.record("limn cannot be run: \(error)")
                continuation.resume()
            }
        }
        let texts = try streams.map { try String(contentsOf: $0, encoding: .utf8) }
        return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}

/// Runs the body with a stand-in and a program whose folders are removed afterwards.
func withProgram<R: Sendable>(
    _ repository: RepositoryStandIn, _ body: @escaping @Sendable (LimnProgram, HubStandIn) async throws -> R
) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "limn-program-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await HubStandIn.with(repository) { hub in
        try await body(LimnProgram(folder: folder, endpoint: hub.endpoint), hub)
    }
}

import Foundation
import HubCache
import Testing

private let pythonOfHub = ProcessInfo.processInfo.environment["LIMN_HUB_PYTHON"]

/// Limn and Python's `huggingface_hub` on one cache. `Tests/hub/run` installs it, and names its Python in
/// `LIMN_HUB_PYTHON`.
@Suite(.serialized, .enabled(if: pythonOfHub != nil, "Tests/hub/run runs these"))
struct HuggingFaceHubTests {
    /// Runs a part of `Tests/hub/interop.py`.
    private func run(_ part: String, _ limn: LimnProgram, _ id: RepositoryID) async throws -> (
        status: Int32, said: String
    ) {
        let script = URL(filePath: #filePath).appending(path: "../../hub/interop.py").standardizedFileURL
        let process = limn.process([script.path, part, "\(id)"])
        process.executableURL = URL(filePath: try #require(pythonOfHub))
        let said = limn.folder.appending(path: "python-\(part).txt")
        _ = FileManager.default.createFile(atPath: said.path, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: said)
        process.standardError = try FileHandle(forWritingTo: said)
        await withCheckedContinuation { continuation in
            process.terminationHandler = { _ in continuation.resume() }
            do {
                try process.run()
            } catch {
                Issue.record("Python cannot be run: \(error)")
                continuation.resume()
            }
        }
        return (process.terminationStatus, try String(contentsOf: said, encoding: .utf8))
    }

    @Test func pythonFindsWhatLimnPulled() async throws {
        let model = RepositoryStandIn.model()
        try await withProgram(model) { limn, _ in
            #expect(try await limn.run("models", "pull", "\(model.id)", "--accept-license").status == 0)
            let python = try await run("find", limn, model.id)
            #expect(python.status == 0, "\(python.said)")
            print(python.said)
        }
    }

    @Test func limnFindsWhatPythonPulled() async throws {
        let model = RepositoryStandIn.model()
        try await withProgram(model) { limn, hub in
            let python = try await run("pull", limn, model.id)
            #expect(python.status == 0, "\(python.said)")
            hub.forget()
            let pull = try await limn.run("models", "pull", "\(model.id)", "--json")
            #expect(pull.status == 0 && pull.output.contains("\"received_bytes\" : 0"), "\(pull.output)\(pull.errors)")
            #expect(hub.bytesServed == 0)
            print(python.said + pull.output)
        }
    }

    @Test func pythonAddsToWhatLimnPulled() async throws {
        let model = RepositoryStandIn.model()
        try await withProgram(model) { limn, hub in
            #expect(try await limn.run("models", "pull", "\(model.id)", "--accept-license").status == 0)
            hub.forget()
            let python = try await run("pull", limn, model.id)
            #expect(python.status == 0, "\(python.said)")
            // Only what Limn did not need comes over the network.
            let weights = "decoder/diffusion_pytorch_model.safetensors"
            #expect(hub.requests.allSatisfy { $0.bytes == 0 || !$0.path.hasSuffix(weights) })
            let again = try await run("find", limn, model.id)
            #expect(again.status == 0, "\(again.said)")
        }
    }
}

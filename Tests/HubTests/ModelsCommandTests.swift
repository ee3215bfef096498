import Foundation
import HubCache
import TestSupport
import Testing

/// `limn models`, run as a user runs it.
@Suite(.serialized)
struct ModelsCommandTests {
    private let id = "limn-tests/karlo-tiny"
    private func model() throws -> RepositoryStandIn { try RepositoryStandIn(id, folder: Goldens.folder("unclip")) }

    @Test func pullListInfoVerifyRemove() async throws {
        try await withProgram(model()) { [id] limn, _ in
            let pull = try await limn.run("models", "pull", id, "--accept-license")
            #expect(pull.status == 0 && pull.output.contains("\(id) is installed"), "\(pull.errors)")
            #expect(pull.errors.contains("licence Apache-2.0"))
            let list = try await limn.run("models", "list", "--json")
            #expect(list.output.contains("\"name\" : \"\(id)\"") && list.output.contains("\"family\" : \"unclip\""))
            let info = try await limn.run("models", "info", id)
            #expect(
                info.output.contains("model     \(id)\n")
                    && info.output.contains("part      decoder: UNet2DConditionModel, "))
            let verify = try await limn.run("models", "verify", id)
            #expect(verify.status == 0 && verify.output.contains("files have the right digest"), "\(verify.errors)")
            let remove = try await limn.run("models", "remove", id, "--yes")
            #expect(remove.status == 0)
            #expect(HubCache(limn.cache).repositories.isEmpty)
            #expect(try await limn.run("models", "info", id).status == 66)
        }
    }

    @Test func aDamagedFileIsNamed() async throws {
        try await withProgram(model()) { [id] limn, hub in
            _ = try await limn.run("models", "pull", id, "--accept-license", "-q")
            let repository = HubCache(limn.cache).repository(try #require(RepositoryID(id)))
            let commit = try #require(repository.commit())
            let file = try #require(repository.files(commit: commit).first { $0.path.hasSuffix(".safetensors") })
            var data = try Data(contentsOf: file.blob)
            data[data.count - 1] ^= 1
            try data.write(to: file.blob)
            let verify = try await limn.run("models", "verify", id, "--discard")
            #expect(verify.status == 1 && verify.output.contains("\(file.path): has another digest"))
            // Only the damaged file is fetched anew.
            hub.forget()
            #expect(try await limn.run("models", "pull", id, "-q").status == 0)
            #expect(hub.bytesServed == data.count)
            #expect(try await limn.run("models", "verify", id).status == 0)
        }
    }

    @Test func theLicenceComesFirst() async throws {
        try await withProgram(model()) { [id] limn, hub in
            let refused = try await limn.run("models", "pull", id)
            #expect(refused.status == 64 && refused.errors.contains("--accept-license") && hub.bytesServed == 0)
            #expect(try await limn.run("models", "pull", id, "--accept-license").status == 0)
            // What was accepted is not asked for again, nor is what is there fetched.
            hub.forget()
            #expect(try await limn.run("models", "pull", id).status == 0)
            #expect(hub.bytesServed == 0)
        }
    }

    @Test func exitCodesTellRefusalsApart() async throws {
        var gated = try model()
        gated.isGated = true
        try await withProgram(gated) { [id] limn, _ in
            for (name, status) in [(id, 77), ("limn-tests/nothing", 66), ("no such name", 64)] {
                let outcome = try await limn.run("models", "pull", name)
                #expect(outcome.status == Int32(status), "\(outcome.errors)")
            }
        }
    }

    /// Ends a pull when part of a file is there, and pulls again.
    @Test(arguments: zip([SIGKILL, SIGINT], [Int32(SIGKILL), 130]))
    func afterAnInterruptionOnlyWhatIsMissingIsFetched(signal: Int32, status: Int32) async throws {
        let model = RepositoryStandIn.model(weights: 3_000_000)
        let weights = "decoder/diffusion_pytorch_model.safetensors"
        let stall = 2_000_000
        try await withProgram(model) { limn, hub in
            hub.fail(weights, .stall(after: stall))
            let first = limn.process(["models", "pull", "\(model.id)", "--accept-license", "-q"])
            try first.run()
            let repository = HubCache(limn.cache).repository(model.id)
            let data = try #require(model.files[weights])
            let partial = repository.partial(model.digest(data))
            while Self.size(partial) < stall {
                try #require(first.isRunning, "the first pull ended by itself")
                try await Task.sleep(for: .milliseconds(20))
            }
            kill(first.processIdentifier, signal)
            first.waitUntilExit()
            #expect(first.terminationStatus == status)
            let served = hub.bytesServed
            let kept = Self.bytes(in: repository.blobs)
            hub.forget()
            let second = try await limn.run("models", "pull", "\(model.id)", "-q")
            #expect(second.status == 0, "\(second.errors)")
            let all = Self.bytes(in: repository.blobs)
            #expect(kept >= stall && hub.bytesServed == all - kept)
            #expect(
                try await limn.run("models", "verify", "-q", "\(model.id)").output.contains("another digest") == false)
            print(
                "signal \(signal): \(all) bytes in all, \(served) served and \(kept) kept before it, \(hub.bytesServed) served "
                    + "after it, \(hub.bytesServed - (all - kept)) of them again")
        }
    }

    private static func size(_ file: URL) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: file.path))?[.size] as? NSNumber)?.intValue ?? 0
    }

    private static func bytes(in folder: URL) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.reduce(0) { $0 + size(folder.appending(path: $1)) }
    }
}

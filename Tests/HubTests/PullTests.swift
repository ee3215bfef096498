import Foundation
import Hub
import HubCache
import Synchronization
import TestSupport
import Testing

/// A pull against the stand-in, in a cache of its own.
private struct Setting: Sendable {
    let hub: HubStandIn
    let cache: HubCache
    let pauses = Pauses()

    func pull(
        _ id: String = "limn-tests/small", token: String? = nil, disk: any Disk = SystemDisk(), endpoint: String? = nil,
        variant: String? = nil, silence: Duration = .seconds(30)
    ) async throws -> PullResult {
        let settings = HubSettings(
            endpoint: endpoint ?? hub.endpoint, cache: cache, token: token.flatMap(HubToken.init))
        let retry = RetryPolicy(pause: { [pauses] in pauses.note($0) })
        return try await HubClient.with(settings, retry: retry, silence: silence) { client in
            let puller = Puller(client: client, disk: disk)
            let plan = try await puller.plan(RepositoryID(id)!, variant: variant)
            return try await puller.run([plan])
        }
    }

    func repository(_ id: String = "limn-tests/small") -> CachedRepository { cache.repository(RepositoryID(id)!) }

    /// The files of the snapshot, with their contents.
    func contents() throws -> [String: Data] {
        let repository = repository()
        let commit = try #require(repository.commit())
        return try Dictionary(
            uniqueKeysWithValues: repository.files(commit: commit).map { ($0.path, try Data(contentsOf: $0.blob)) })
    }
}

/// Pauses that were asked for, and did not happen.
private final class Pauses: Sendable {
    private let all = Mutex<[Duration]>([])
    func note(_ pause: Duration) { all.withLock { $0.append(pause) } }
    var list: [Duration] { all.withLock { $0 } }
}

/// A disk with room for so many bytes. It says that there is enough beforehand, or what there is.
private final class SmallDisk: Disk {
    private let left: Mutex<Int>
    private let tells: Bool
    init(_ bytes: Int, tells: Bool) {
        left = Mutex(bytes)
        self.tells = tells
    }
    func freeBytes(at folder: URL) -> Int? { tells ? left.withLock { $0 } : nil }
    func append(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int {
        let count = left.withLock { left in
            let count = min(left, bytes.count)
            left -= count
            return count
        }
        guard count > 0 else {
            errno = ENOSPC
            return -1
        }
        return write(descriptor, bytes.baseAddress, count)
    }
}

private func withSetting<R: Sendable>(
    _ repository: RepositoryStandIn = .model(), _ body: @escaping @Sendable (Setting) async throws -> R
) async throws -> R {
    let folder = FileManager.default.temporaryDirectory.appending(path: "limn-hub-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await HubStandIn.with(repository) { hub in
        try await body(Setting(hub: hub, cache: HubCache(folder)))
    }
}

private let weights = "decoder/diffusion_pytorch_model.safetensors"
private let needed: Set<String> = [
    "README.md", "model_index.json", "decoder/config.json", weights, "prior/diffusion_pytorch_model.safetensors",
]

@Suite("Pulling from a hub")
struct PullTests {
    @Test func fetchesWhatIsNeededOnceAndLinksIt() async throws {
        let model = RepositoryStandIn.model()
        try await withSetting(model) { setting in
            let result = try await setting.pull()
            #expect(try Set(setting.contents().keys) == needed)
            #expect(try setting.contents().allSatisfy { model.files[$0.key] == $0.value })
            #expect(result.receivedBytes == needed.reduce(0) { $0 + (model.files[$1]?.count ?? 0) })
            #expect(setting.repository().commit() == model.commit && setting.repository().unfinished.isEmpty)
            setting.hub.forget()
            #expect(try await setting.pull().receivedBytes == 0)
            #expect(setting.hub.bytesServed == 0)
        }
    }

    @Test func anotherPrecisionIsFetchedWhereThereIsOne() async throws {
        try await withSetting { setting in
            _ = try await setting.pull(variant: "fp16")
            let paths = try Set(setting.contents().keys)
            #expect(paths.contains("decoder/diffusion_pytorch_model.fp16.safetensors") && !paths.contains(weights))
            #expect(paths.contains("prior/diffusion_pytorch_model.safetensors"))
        }
    }

    @Test func theTokenGoesToTheHubAlone() async throws {
        try await withSetting { setting in
            setting.hub.state.withLock { $0.token = "hf_secret" }
            _ = try await setting.pull(token: "hf_secret")
            let requests = setting.hub.requests
            #expect(requests.contains { $0.server == "cdn" })
            #expect(requests.allSatisfy { ($0.authorization == nil) == ($0.server == "cdn") })
        }
    }

    /// What a pull survives, with what stands in its way.
    @Test(arguments: [
        ("a broken connection", [HubStandIn.Fault.cut(after: 50_000), .cut(after: 20_000)], 2),
        ("nothing at all, twice", [.cut(after: 0), .cut(after: 0)], 2),
        ("503", [.status(503), .status(502), .status(500)], 3),
        ("a hub that ignores ranges", [.cut(after: 50_000), .ignoresRange], 1),
    ])
    func survives(what: String, faults: [HubStandIn.Fault], pauses: Int) async throws {
        let model = RepositoryStandIn.model()
        try await withSetting(model) { setting in
            for fault in faults { setting.hub.fail(weights, fault) }
            _ = try await setting.pull()
            #expect(try setting.contents()[weights] == model.files[weights], "\(what)")
            #expect(setting.pauses.list.count == pauses, "\(what)")
        }
    }

    @Test func aBrokenConnectionCostsNoByteTwice() async throws {
        let model = RepositoryStandIn.model()
        try await withSetting(model) { setting in
            setting.hub.fail(weights, .cut(after: 65536), .cut(after: 65536))
            let result = try await setting.pull()
            // What the hub sent and what arrived differ by what was on its way when the connection broke.
            #expect(result.receivedBytes == needed.reduce(0) { $0 + (model.files[$1]?.count ?? 0) })
        }
    }

    @Test func aConnectionThatFallsSilentIsGivenUp() async throws {
        let model = RepositoryStandIn.model()
        try await withSetting(model) { setting in
            setting.hub.fail(weights, .stall(after: 50_000))
            // Long enough for a machine where hundreds of tests wait for two cores.
            _ = try await setting.pull(silence: .seconds(15))
            #expect(try setting.contents()[weights] == model.files[weights] && !setting.pauses.list.isEmpty)
        }
    }

    @Test func aMirrorThatChangesAKnownFileIsFoundOut() async throws {
        let id = "kakaobrain/karlo-v1-alpha"
        let mirror = RepositoryStandIn.model(id)
        try await withSetting(mirror) { setting in
            let error = await #expect(throws: HubError.self) { try await setting.pull(id) }
            #expect(error?.kind == .wrongDigest && error?.message.contains("Limn knows a000a47f") == true)
            #expect(setting.hub.bytesServed == 0)
        }
    }

    @Test func waitsAsLongAsTheHubAsks() async throws {
        try await withSetting { setting in
            setting.hub.fail("api", .status(429, headers: ["Retry-After": "7"]))
            _ = try await setting.pull()
            #expect(setting.pauses.list == [.seconds(7)])
        }
    }

    /// What a pull cannot survive, with the kind of error that says so.
    @Test(arguments: [
        (401, HubError.Kind.unauthorized), (403, .forbidden), (404, .notFound), (418, .unexpectedAnswer),
    ])
    func saysWhyItIsRefused(status: Int, kind: HubError.Kind) async throws {
        try await withSetting { setting in
            setting.hub.fail("api", .status(status))
            let error = await #expect(throws: HubError.self) { try await setting.pull() }
            #expect(error?.kind == kind && setting.pauses.list.isEmpty)
        }
    }

    @Test(arguments: [(429, HubError.Kind.rateLimited), (503, .serverFailed)])
    func givesUpAfterSomeTries(status: Int, kind: HubError.Kind) async throws {
        try await withSetting { setting in
            for _ in 0..<6 { setting.hub.fail("api", .status(status)) }
            let error = await #expect(throws: HubError.self) { try await setting.pull() }
            #expect(error?.kind == kind && setting.pauses.list.count == 5)
        }
    }

    @Test func doesNotWaitForAnHour() async throws {
        try await withSetting { setting in
            setting.hub.fail("api", .status(429, headers: ["Retry-After": "3600"]))
            let error = await #expect(throws: HubError.self) { try await setting.pull() }
            #expect(error?.kind == .rateLimited && setting.pauses.list.isEmpty)
        }
    }

    @Test func gatedMissingAndUnreachableRepositoriesAreToldApart() async throws {
        var gated = RepositoryStandIn.model()
        gated.isGated = true
        try await withSetting(gated) { setting in
            let refused = await #expect(throws: HubError.self) { try await setting.pull() }
            #expect(refused?.kind == .gated && refused?.message.contains("/limn-tests/small") == true)
            let missing = await #expect(throws: HubError.self) { try await setting.pull("limn-tests/nothing") }
            #expect(missing?.kind == .notFound)
            let away = await #expect(throws: HubError.self) { try await setting.pull(endpoint: "http://127.0.0.1:9") }
            #expect(away?.kind == .unreachable)
        }
    }

    @Test func aFileWithAnotherDigestIsThrownAway() async throws {
        let model = RepositoryStandIn.model()
        try await withSetting(model) { setting in
            setting.hub.fail(weights, .corrupt)
            let error = await #expect(throws: HubError.self) { try await setting.pull() }
            #expect(error?.kind == .wrongDigest && error?.subject.hasSuffix(weights) == true)
            #expect(setting.repository().commit() == nil, "a snapshot that is not whole has no name")
            _ = try await setting.pull()
            #expect(try setting.contents()[weights] == model.files[weights])
        }
    }

    @Test func aDamagedRemainderIsFetchedAnew() async throws {
        let model = RepositoryStandIn.model()
        try await withSetting(model) { setting in
            let digest = model.digest(try #require(model.files[weights]))
            try setting.repository().prepare()
            try Data(repeating: 7, count: 90_000).write(to: setting.repository().partial(digest))
            _ = try await setting.pull()
            #expect(try setting.contents()[weights] == model.files[weights])
        }
    }

    @Test func spaceIsLookedAtBeforeAnythingIsFetched() async throws {
        try await withSetting { setting in
            let error = await #expect(throws: HubError.self) {
                try await setting.pull(disk: SmallDisk(100_000, tells: true))
            }
            #expect(error?.kind == .diskFull && setting.hub.bytesServed == 0)
        }
    }

    @Test func aFullDiskLeavesWhatCanBeResumed() async throws {
        let model = RepositoryStandIn.model()
        try await withSetting(model) { setting in
            let error = await #expect(throws: HubError.self) {
                try await setting.pull(disk: SmallDisk(150_000, tells: false))
            }
            #expect(error?.kind == .diskFull)
            setting.hub.forget()
            _ = try await setting.pull()
            let all = needed.reduce(0) { $0 + (model.files[$1]?.count ?? 0) }
            #expect(setting.hub.bytesServed <= all - 150_000)
            #expect(try setting.contents()[weights] == model.files[weights])
        }
    }

    @Test func redirectsOfTheHubAreFollowedAndLoopsEnd() async throws {
        try await withSetting { setting in
            setting.hub.fail("api", .redirect(to: "/api/models/limn-tests/small/revision/main"))
            _ = try await setting.pull()
            for _ in 0..<20 { setting.hub.fail("api", .redirect(to: "/api/models/limn-tests/small/revision/main")) }
            let error = await #expect(throws: HubError.self) { try await setting.pull() }
            #expect(error?.kind == .unexpectedAnswer)
        }
    }

    @Test func whatIsNoModelIsNotFetched() async throws {
        let other = RepositoryStandIn("limn-tests/small", files: ["pytorch_model.bin": Data(count: 9000)])
        try await withSetting(other) { setting in
            let error = await #expect(throws: HubError.self) { try await setting.pull() }
            #expect(error?.kind == .notAModel && setting.hub.bytesServed == 0)
        }
    }
}

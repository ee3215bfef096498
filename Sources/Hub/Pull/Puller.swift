import Foundation
import HubCache

/// Fetches repositories into the cache.
public struct Puller: Sendable {
    public let client: HubClient
    public var catalogue: ModelCatalogue
    public var disk: any Disk
    /// How many files are fetched at once.
    public var parallel: Int

    public init(
        client: HubClient, catalogue: ModelCatalogue = .published, disk: any Disk = SystemDisk(), parallel: Int = 4
    ) {
        self.client = client
        self.catalogue = catalogue
        self.disk = disk
        self.parallel = max(1, parallel)
    }

    private var cache: HubCache { client.settings.cache }

    /// Asks the hub what there is, and looks what of it is missing here.
    ///
    /// - Parameter only: patterns of the files that are needed; nil: what the catalogue says, or the diffusers layout.
    /// - Throws: `HubError`, `CancellationError`.
    public func plan(
        _ id: RepositoryID, revision: String = "main", only: [String]? = nil, variant: String? = nil
    ) async throws -> PullPlan {
        let listing = try await client.listing(of: id, revision: revision)
        let selection = FileSelection(only: only ?? catalogue.repository(id)?.only, variant: variant)
        return try PullPlan(listing, selection: selection, catalogue: catalogue, cache: cache)
    }

    /// Fetches what plans lack, and makes their snapshots. What was fetched stays whatever happens.
    ///
    /// - Throws: `HubError`, `CancellationError`.
    public func run(
        _ plans: [PullPlan], progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
    ) async throws -> PullResult {
        try checkSpace(plans)
        let meter = PullMeter(
            files: plans.reduce(0) { $0 + $1.missing.count }, bytes: plans.reduce(0) { $0 + $1.missingBytes },
            report: progress)
        var snapshots: [URL] = []
        for plan in plans {
            let repository = cache.repository(plan.id)
            try repository.prepare()
            try await fetch(plan, into: repository, meter)
            for file in plan.files {
                try repository.link(file.listed.path, commit: plan.commit, to: file.listed.digest)
            }
            try repository.refer(plan.revision, to: plan.commit)
            snapshots.append(repository.snapshot(commit: plan.commit))
        }
        return PullResult(snapshots: snapshots, receivedBytes: meter.received)
    }

    private func checkSpace(_ plans: [PullPlan]) throws(HubError) {
        let needed = plans.reduce(0) { $0 + $1.bytesToFetch }
        guard let free = disk.freeBytes(at: cache.root), needed > free else { return }
        let subject = plans.first.map { "\($0.id)" } ?? "the model"
        throw HubError(
            .diskFull, subject,
            "needs \(ByteCount(needed)) more, and \(ByteCount(free)) are free where the cache is; make room, or set HF_HUB_CACHE "
                + "to a folder on another disk")
    }

    private func fetch(_ plan: PullPlan, into repository: CachedRepository, _ meter: PullMeter) async throws {
        // The same contents may lie at two paths.
        var seen: Set<FileDigest> = []
        let missing = plan.missing.map(\.listed).filter { seen.insert($0.digest).inserted }
        // The largest first, so that none is left alone at the end.
        var waiting = missing.sorted { ($0.size, $0.path) > ($1.size, $1.path) }[...]
        try await withThrowingTaskGroup(of: Void.self) { group in
            func start(_ file: RepositoryListing.File) {
                let download = BlobDownload(
                    client: client, repository: repository, lock: cache.lock(of: plan.id, blob: file.digest),
                    commit: plan.commit, file: file, disk: disk, meter: meter)
                group.addTask { try await download.run() }
            }
            waiting.prefix(parallel).forEach(start)
            waiting = waiting.dropFirst(parallel)
            while try await group.next() != nil {
                if let file = waiting.popFirst() { start(file) }
            }
        }
    }
}

/// What a pull has made.
public struct PullResult: Hashable, Sendable {
    /// The snapshots' folders, in the order of the plans.
    public var snapshots: [URL]
    /// Over the network, those of failed tries among them.
    public var receivedBytes: Int
}

/// A count of bytes as people write it: `3.5 GB`, in powers of ten.
public struct ByteCount: CustomStringConvertible, Sendable {
    public let bytes: Int

    public init(_ bytes: Int) { self.bytes = bytes }

    public var description: String {
        var value = Double(bytes)
        var units = ["B", "kB", "MB", "GB", "TB"][...]
        while value >= 999.5, units.count > 1 {
            value /= 1000
            units.removeFirst()
        }
        let digits = value < 9.95 && units.first != "B" ? 1 : 0
        return "\(String(format: "%.\(digits)f", value)) \(units.first ?? "B")"
    }
}

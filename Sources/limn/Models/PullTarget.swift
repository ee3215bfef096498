import Foundation
import Hub
import HubCache

/// What a user asks to pull: a model of the catalogue, or one repository.
struct PullTarget {
    struct Source {
        var id: RepositoryID
        var revision: String
        /// Patterns of the files that are needed; nil: all that Limn reads.
        var only: [String]?
    }

    /// What `--model` will take.
    var name: String
    /// Nil for a single repository.
    var model: ModelCatalogue.Model?
    var sources: [Source]

    /// - Throws: `HubError` of kind `.invalidRequest`.
    init(_ text: String, in catalogue: ModelCatalogue) throws(HubError) {
        name = text
        model = catalogue.model(text)
        if let model {
            sources = model.parts.map { Source(id: $0.repository, revision: "main", only: $0.only) }
            return
        }
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let id = RepositoryID(parts[0]), parts.count == 1 || CachedRepository.isRevision(parts[1]) else {
            let names = catalogue.models.map(\.name).joined(separator: ", ")
            throw HubError(
                .invalidRequest, text, "is neither a known model (\(names)) nor OWNER/NAME or OWNER/NAME@REVISION")
        }
        sources = [Source(id: id, revision: parts.count == 2 ? parts[1] : "main", only: nil)]
    }

    /// The snapshots in the cache, without the network.
    ///
    /// - Throws: `HubError` of kind `.offline`.
    func cached(in cache: HubCache) throws(HubError) -> [URL] {
        var snapshots: [URL] = []
        for source in sources {
            guard let snapshot = cache.repository(source.id).snapshot(of: source.revision) else {
                throw HubError(.offline, "\(source.id)", "is not in the cache, and HF_HUB_OFFLINE forbids to fetch it")
            }
            snapshots.append(snapshot)
        }
        return snapshots
    }
}

/// The licence of what is pulled: what the catalogue says, or else the repository's card.
struct PulledLicense {
    var name: String
    var lines: [String]

    init(_ plan: PullPlan, catalogue: ModelCatalogue) {
        let said = catalogue.repository(plan.id)?.license ?? plan.license
        let known = said.flatMap(catalogue.license)
        name = known?.name ?? said ?? "none named"
        let page = known?.url ?? plan.licenseURL ?? "https://huggingface.co/\(plan.id)"
        lines = ["\(plan.id): licence \(name), \(page)"]
        if let note = known?.note { lines.append("  It \(note).") }
        if said == nil { lines.append("  Its publisher names no licence: ask before you use it for more than trying.") }
    }
}

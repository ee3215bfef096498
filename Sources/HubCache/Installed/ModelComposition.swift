import Foundation

/// A model's folder made of files that lie elsewhere: folders of its own, in them links to the files of the cache.
public enum ModelComposition {
    /// Makes the folder of a catalogue's model, or makes it anew. It is made beside its place and moved there.
    ///
    /// - Parameters:
    ///   - snapshots: a folder for each part of the model, in the same order.
    ///   - root: the folder of models that gets it.
    /// - Returns: the model's folder, `root/NAME`.
    /// - Throws: `HubError` of kind `.notAModel`, `.unwritable` or `.diskFull`.
    public static func install(
        _ model: ModelCatalogue.Model, of snapshots: [URL], in root: URL
    ) throws(HubError) -> URL {
        let place = root.appending(path: model.name)
        let beside = root.appending(path: ".\(model.name).\(UUID().uuidString.prefix(8))")
        do {
            try FileManager.default.createDirectory(at: beside, withIntermediateDirectories: true)
            for (part, snapshot) in zip(model.parts, snapshots) { try link(part, of: snapshot, into: beside) }
            try complete(model.index ?? [:], in: beside)
            try swap(beside, place)
        } catch {
            try? FileManager.default.removeItem(at: beside)
            throw (error as? HubError)
                ?? HubError(.unwritable, model.name, "cannot be installed: \(error.localizedDescription)")
        }
        return place
    }

    private static func link(_ part: ModelCatalogue.Part, of snapshot: URL, into folder: URL) throws {
        let files = FileManager.default
        let target = part.folder.map { folder.appending(path: $0) } ?? folder
        for path in (try files.subpathsOfDirectory(atPath: snapshot.path)).sorted() {
            let source = snapshot.appending(path: path)
            let facts = try files.attributesOfItem(atPath: source.resolvingSymlinksInPath().path)
            let isWanted = part.only.map { patterns in patterns.contains { fnmatch($0, path, 0) == 0 } } ?? true
            guard isWanted, facts[.type] as? FileAttributeType == .typeRegular else { continue }
            let link = target.appending(path: part.rename?[path] ?? path)
            // Of two cards the first part's stays.
            guard !files.fileExists(atPath: link.path) else { continue }
            try files.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
            try files.createSymbolicLink(at: link, withDestinationURL: source)
        }
    }

    /// Names components in `model_index.json` that the part it comes from does not have.
    private static func complete(_ components: [String: [String]], in folder: URL) throws {
        guard !components.isEmpty else { return }
        let file = folder.appending(path: "model_index.json")
        guard let data = try? Data(contentsOf: file),
            var index = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
        else { throw HubError(.notAModel, folder.lastPathComponent, "its model_index.json is missing or not JSON") }
        index.merge(components) { $1 }
        try FileManager.default.removeItem(at: file)
        try JSONSerialization.data(
            withJSONObject: index, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        )
        .write(to: file)
    }

    private static func swap(_ new: URL, _ place: URL) throws {
        let old = place.deletingLastPathComponent().appending(path: ".\(place.lastPathComponent).old")
        try? FileManager.default.removeItem(at: old)
        let wasThere = rename(place.path, old.path) == 0
        guard rename(new.path, place.path) == 0 else {
            let reason = errno
            if wasThere { rename(old.path, place.path) }
            throw HubError.writing(place.lastPathComponent, errno: reason)
        }
        try? FileManager.default.removeItem(at: old)
    }
}

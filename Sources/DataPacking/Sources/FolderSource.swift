import Foundation

/// A folder of pictures with captions beside them, and the folders in it; in the order of their names.
/// Hidden files are passed over, and links to folders are not followed.
enum FolderSource {
    static func candidates(_ folder: URL, columns: ColumnNames) throws -> [Candidate] {
        let source = folder.standardizedFileURL.lastPathComponent
        var listing = Listing(root: folder)
        listing.enter("")
        let files = listing.paths.map { (path: $0, blob: Blob(file: folder.appending(path: $0))) }
        let candidates = PairedFiles.candidates(files, source: source, columns: columns)
        let unreadable = listing.unreadable.map {
            Candidate(name: "\(source)/\($0)", source: source, problem: .damagedSource("the folder could not be read"))
        }
        guard !candidates.isEmpty else {
            guard !listing.unreadable.contains("") else {
                throw PackingError.unreadable(source, reason: "the folder could not be listed; check its permissions")
            }
            let others = listing.paths.filter { !$0.contains("/") && PictureSource.isSource($0) }
            throw PackingError.noPictures(source, insteadHas: others)
        }
        return candidates + unreadable
    }
}

private struct Listing {
    let root: URL
    private(set) var paths: [String] = []
    private(set) var unreadable: [String] = []

    init(root: URL) { self.root = root }

    mutating func enter(_ folder: String) {
        let files = FileManager.default
        guard let names = try? files.contentsOfDirectory(atPath: root.appending(path: folder).path) else {
            unreadable.append(folder)
            return
        }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !name.hasPrefix(".") {
            let path = folder.isEmpty ? name : folder + "/" + name
            if PairedFiles.isKnown(path) {
                paths.append(path)
            } else if isFolder(path) {
                enter(path)
            } else if PictureSource.isSource(path) {
                paths.append(path)
            }
        }
    }

    private func isFolder(_ path: String) -> Bool {
        let facts = try? FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)
        return facts?[.type] as? FileAttributeType == .typeDirectory
    }
}

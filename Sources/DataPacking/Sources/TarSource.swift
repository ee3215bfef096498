import Foundation

/// A tar archive of pictures and captions, such as webdataset's shards; in the archive's order.
enum TarSource {
    static func candidates(_ file: URL, columns: ColumnNames) throws -> [Candidate] {
        let source = PairedFiles.stem(file.lastPathComponent)
        let archive = try TarArchive(file: file)
        let files = archive.members.map { (path: $0.path, blob: Blob(file: file, part: $0.range)) }
        var candidates = PairedFiles.candidates(files, source: source, columns: columns)
        if let fault = archive.fault {
            let name = file.lastPathComponent
            guard !archive.members.isEmpty else { throw PackingError.unreadable(name, reason: "\(fault)") }
            candidates.append(Candidate(name: name, source: source, problem: .damagedSource("\(fault)")))
        } else if candidates.isEmpty {
            throw PackingError.noPictures(file.lastPathComponent, insteadHas: [])
        }
        return candidates
    }
}

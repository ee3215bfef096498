import Foundation

/// A row of a table, or why it is not one.
struct TableRow {
    let line: Int
    let fields: Result<Fields, PackProblem>
}

/// A table whose rows name pictures: files beside it or below, or members of a tar archive beside it.
///
/// Rows without an id that name the same picture are one row with all their captions.
enum TableSource {
    static func candidates(_ file: URL, rows parse: (Data) -> [TableRow], columns: ColumnNames) throws -> [Candidate] {
        let name = file.lastPathComponent
        let rows = merged(parse(try Data(contentsOf: file, options: .mappedIfSafe)), columns)
        let tables = rows.compactMap { try? $0.fields.get() }
        if !tables.isEmpty, !tables.contains(where: { $0.path(columns.picture) != nil }) {
            let found = Set(tables.prefix(100).flatMap { $0.values.keys }).sorted()
            throw PackingError.noPictureColumn(name, expected: columns.picture, found: found)
        }
        guard !rows.isEmpty else { throw PackingError.unreadable(name, reason: "it has no rows") }
        let pictures = located(Set(tables.compactMap { $0.path(columns.picture) }), beside: file)
        let source = PairedFiles.stem(name)
        return rows.map { row in
            let line = "\(name):\(row.line)"
            switch row.fields {
            case .failure(let problem): return Candidate(name: line, source: source, problem: problem)
            case .success(let fields):
                let path = fields.path(columns.picture)
                let blob = path.flatMap { pictures[$0] }
                let named = path.map { "\(source)/\(PairedFiles.stem($0))" } ?? line
                return Candidate(name: fields.text(ColumnNames.id) ?? named, source: source) { () throws(PackProblem) in
                    guard let path else { throw .noPicture("the row names none") }
                    guard let blob else {
                        throw .noPicture("\(path) is neither beside the table nor in a tar beside it")
                    }
                    return (fields, try blob.picture())
                }
            }
        }
    }

    private static func merged(_ rows: [TableRow], _ columns: ColumnNames) -> [TableRow] {
        var places: [String: Int] = [:]
        var result: [TableRow] = []
        for row in rows {
            let fields = try? row.fields.get()
            let path = fields?.text(ColumnNames.id) == nil ? fields?.path(columns.picture) : nil
            guard let fields, let path, let place = places[path], var first = try? result[place].fields.get() else {
                if let path { places[path] = result.count }
                result.append(row)
                continue
            }
            first.append(fields.texts(columns.captions), to: columns.captions[0])
            result[place] = TableRow(line: result[place].line, fields: .success(first))
        }
        return result
    }

    /// Where the pictures of these names are. A name that leads out of the table's folder is found nowhere.
    private static func located(_ paths: Set<String>, beside file: URL) -> [String: Blob] {
        let folder = file.deletingLastPathComponent()
        let inside = paths.filter { !$0.hasPrefix("/") && !$0.split(separator: "/").contains("..") }
        var found: [String: Blob] = [:]
        for path in inside {
            let picture = folder.appending(path: path)
            if FileManager.default.fileExists(atPath: picture.path) { found[path] = Blob(file: picture) }
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names.sorted() where name.hasSuffix(".tar") && found.count < inside.count {
            let tar = folder.appending(path: name)
            for member in (try? TarArchive(file: tar))?.members ?? [] {
                // The folder goes before its archives, and the first archive before the next.
                let isNew = inside.contains(member.path) && found[member.path].map { $0.file == tar } ?? true
                if isNew { found[member.path] = Blob(file: tar, part: member.range) }
            }
        }
        return found
    }
}

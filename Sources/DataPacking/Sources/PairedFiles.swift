import Foundation

/// Pictures and the captions beside them: files that differ only in their ending, as in folders and webdataset archives.
///
/// `.txt` has a caption a line, the best first; `.json` has an object with the columns of a table. With both,
/// the lines are captions only if the object has none.
enum PairedFiles {
    private static let pictureEndings: Set = ["png", "jpg", "jpeg", "webp"]
    private static let captionEndings: Set = ["txt", "json"]

    static func candidates(_ files: [(path: String, blob: Blob)], source: String, columns: ColumnNames) -> [Candidate] {
        let blobs = Dictionary(files) { _, last in last }
        return files.filter { isPicture($0.path) }.map { path, picture in
            let stem = stem(path)
            let (json, text) = (blobs[stem + ".json"], blobs[stem + ".txt"])
            return Candidate(name: "\(source)/\(stem)", source: source) { () throws(PackProblem) in
                (try fields(json: json, text: text, columns), try picture.picture())
            }
        }
    }

    static func stem(_ path: String) -> String {
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return path }
        return String(path[..<dot])
    }

    /// Lower case, without the dot.
    static func ending(_ path: String) -> String { String(path.dropFirst(stem(path).count + 1)).lowercased() }

    /// Whether a file is a picture or captions, by its ending.
    static func isKnown(_ path: String) -> Bool {
        pictureEndings.contains(ending(path)) || captionEndings.contains(ending(path))
    }

    private static func isPicture(_ path: String) -> Bool {
        let isHidden = path.split(separator: "/").last?.hasPrefix(".") ?? true
        return !isHidden && pictureEndings.contains(ending(path))
    }

    private static func fields(json: Blob?, text: Blob?, _ columns: ColumnNames) throws(PackProblem) -> Fields {
        var fields = Fields()
        if let json {
            let bytes = try json.captions()
            do { fields = try Fields(json: bytes) } catch { throw .unreadableCaptions("the file is not JSON") }
        }
        if let text, fields.texts(columns.captions).isEmpty {
            guard let lines = String(validating: try text.captions(), as: UTF8.self) else {
                throw .unreadableCaptions("the file is not UTF-8")
            }
            fields.append(lines.split(whereSeparator: \.isNewline).map(String.init), to: columns.captions[0])
        }
        return fields
    }
}

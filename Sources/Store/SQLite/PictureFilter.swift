import GRDB

/// A `PictureQuery` as conditions of SQL.
struct PictureFilter: Sendable {
    private(set) var sql = ""
    private var texts: [String] = []

    var values: [Database.Value] { texts }

    init(_ query: PictureQuery) {
        let origins = query.origins.map(\.rawValue).sorted()
        add("origin IN (\(placeholders(origins.count)))", origins)
        if let favourite = query.favourite { add("favourite = \(favourite ? 1 : 0)", []) }
        if let collection = query.collection {
            add("id IN (SELECT picture FROM collection_pictures WHERE collection = ?)", [collection.text])
        }
        addSearch(query.search)
    }

    private mutating func add(_ condition: String, _ values: [String]) {
        sql += " AND \(condition)"
        texts += values
    }

    /// Words are looked up in the index. Scripts that put no spaces between words make one long word there, so their
    /// words are looked for in the text itself.
    private mutating func addSearch(_ search: String) {
        let words = search.split(whereSeparator: \.isWhitespace).prefix(16).map { String($0.prefix(100)) }
        let spoken = words.filter { word in word.contains { $0.isLetter || $0.isNumber } }
        let indexed = spoken.filter { !$0.unicodeScalars.contains(where: \.isWrittenWithoutSpaces) }
        if !indexed.isEmpty {
            let terms = indexed.map { "\"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: " ")
            add("number IN (SELECT rowid FROM picture_words WHERE picture_words MATCH ?)", ["\(terms)*"])
        }
        for word in spoken where !indexed.contains(word) { add("instr(prompt, ?) > 0", [word]) }
    }
}

extension Unicode.Scalar {
    /// Thai, Lao, Burmese, Khmer, kana and Han.
    fileprivate var isWrittenWithoutSpaces: Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}

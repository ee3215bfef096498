import Foundation

/// What a table's row or a JSON file says of a picture: values by lower-case name.
struct Fields: Sendable, Equatable {
    private(set) var values: [String: FieldValue] = [:]

    init(_ values: [String: FieldValue] = [:]) {
        self.values = Dictionary(values.map { ($0.lowercased(), $1) }) { first, _ in first }
    }

    /// Of a JSON object; a bare text or list of texts is taken for captions.
    init(json: Data) throws {
        switch try JSONDecoder().decode(FieldValue.self, from: json) {
        case .object(let values): self.init(values)
        case .none: self.init()
        case let captions: self.init([ColumnNames.caption: captions])
        }
    }

    /// The first of these columns that has something to say.
    func text(_ names: [String]) -> String? {
        for name in names {
            if let text = values[name]?.texts.lazy.map(Self.tidy).first(where: { !$0.isEmpty }) { return text }
        }
        return nil
    }

    /// All texts of these columns, in order, once each.
    func texts(_ names: [String]) -> [String] {
        var seen = Set<String>()
        return names.flatMap { values[$0]?.texts ?? [] }.map(Self.tidy).filter {
            !$0.isEmpty && seen.insert($0).inserted
        }
    }

    /// As `texts`; a text that is not in a list is one, separated by commas, semicolons or bars.
    func list(_ names: [String]) -> [String] {
        let parts = names.flatMap { name -> [String] in
            guard case .text(let text)? = values[name] else { return values[name]?.texts ?? [] }
            return text.split(whereSeparator: { ",;|".contains($0) }).map(String.init)
        }
        return Fields([ColumnNames.caption: .list(parts)]).texts([ColumnNames.caption])
    }

    /// Adds texts behind those of a column.
    mutating func append(_ texts: [String], to name: String) {
        values[name] = .list((values[name]?.texts ?? []) + texts)
    }

    /// The first of these columns that is not empty, as it is: a file's name may hold anything.
    func path(_ names: [String]) -> String? {
        var path = names.lazy.compactMap { values[$0]?.texts.first { !$0.isEmpty } }.first
        while path?.hasPrefix("./") == true { path?.removeFirst(2) }
        return path
    }

    /// One line without control characters and byte order marks, and single spaces.
    private static func tidy(_ text: String) -> String {
        text.split { $0.isWhitespace || $0 == "\u{FEFF}" || $0.unicodeScalars.allSatisfy(isControl) }
            .joined(separator: " ")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
}

enum FieldValue: Sendable, Equatable, Decodable {
    case text(String)
    case list([String])
    case object([String: FieldValue])
    case none

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let number = try? value.decode(Int.self) {
            self = .text(String(number))
        } else if let number = try? value.decode(Double.self) {
            self = .text(String(number))
        } else if let list = try? value.decode([FieldValue].self) {
            self = .list(list.flatMap(\.texts))
        } else if let values = try? value.decode([String: FieldValue].self) {
            self = .object(values)
        } else {
            self = .none
        }
    }

    var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .list(let texts): texts
        case .object, .none: []
        }
    }
}

/// Which columns of a table, or entries of a JSON file, hold what. Of those listed, the first that is there counts;
/// of the captions, all, the best first. Names are compared without regard to case.
public struct ColumnNames: Sendable {
    public var picture = ["file", "file_name", "filename", "picture", "image", "image_path", "path"]
    public var captions = [Self.caption, "captions", "text", "prompt", "alt_captions"]

    static let caption = "caption"
    static let id = ["id", "key", "__key__"]
    static let style = ["style"]
    static let keywords = ["keywords", "tags"]
    static let group = ["group", "category"]
    static let split = ["split"]
    static let source = ["source"]
    static let license = ["license", "licence"]
    static let attribution = ["attribution", "author"]

    public init(picture: [String] = [], captions: [String] = []) {
        if !picture.isEmpty { self.picture = picture.map { $0.lowercased() } }
        if !captions.isEmpty { self.captions = captions.map { $0.lowercased() } }
    }
}

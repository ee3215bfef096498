/// A token as a tokenizer's configuration describes it: a bare string, or an object with flags.
struct AddedTokenDescription: Decodable, Sendable, Equatable {
    let content: String
    /// True: looked for in the normalised text (lower case…). False: looked for in the text as it was given.
    var normalized = false
    /// Takes the white space on its left, on its right, with it.
    var lstrip = false
    var rstrip = false
    /// Is found only where no letter, number or underscore touches it.
    var singleWord = false

    enum CodingKeys: String, CodingKey {
        case content, normalized, lstrip, rstrip
        case singleWord = "single_word"
    }

    init(_ content: String) { self.content = content }

    init(from decoder: any Decoder) throws {
        if let content = try? decoder.singleValueContainer().decode(String.self) {
            self.init(content)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(try container.decode(String.self, forKey: .content))
        normalized = try container.decodeIfPresent(Bool.self, forKey: .normalized) ?? false
        lstrip = try container.decodeIfPresent(Bool.self, forKey: .lstrip) ?? false
        rstrip = try container.decodeIfPresent(Bool.self, forKey: .rstrip) ?? false
        singleWord = try container.decodeIfPresent(Bool.self, forKey: .singleWord) ?? false
    }
}

/// Tokens that are cut out of a text whole, before its words are split (the tokenizers library's added vocabulary).
struct AddedTokens: Sendable {
    enum Segment {
        case text(Scalars)
        case token(Int32)
    }

    private struct Entry {
        let scalars: [Unicode.Scalar]
        let description: AddedTokenDescription
        let id: Int32
    }

    /// Longest first, so that the longest of those that match at a place wins.
    private let entries: [Entry]

    init(_ tokens: [(description: AddedTokenDescription, id: Int32)]) {
        entries =
            tokens
            .map {
                Entry(scalars: Array($0.description.content.unicodeScalars), description: $0.description, id: $0.id)
            }
            .filter { !$0.scalars.isEmpty }
            .sorted { $0.scalars.count > $1.scalars.count }
    }

    func split(_ text: Scalars) -> [Segment] {
        guard !entries.isEmpty else { return [.text(text)] }
        var segments: [Segment] = []
        var start = text.startIndex
        var index = text.startIndex
        while index < text.endIndex {
            guard let entry = entries.first(where: { matches($0, text, at: index) }) else {
                index += 1
                continue
            }
            var end = index + entry.scalars.count
            if entry.description.lstrip {
                while index > start, CharacterClass(text[index - 1]) == .space { index -= 1 }
            }
            if entry.description.rstrip {
                while end < text.endIndex, CharacterClass(text[end]) == .space { end += 1 }
            }
            if start < index { segments.append(.text(text[start..<index])) }
            segments.append(.token(entry.id))
            start = end
            index = end
        }
        if start < text.endIndex { segments.append(.text(text[start...])) }
        return segments
    }

    private func matches(_ entry: Entry, _ text: Scalars, at index: Int) -> Bool {
        guard text[index] == entry.scalars[0], text[index...].starts(with: entry.scalars) else { return false }
        guard entry.description.singleWord else { return true }
        let end = index + entry.scalars.count
        return !(index > text.startIndex && Self.isWord(text[index - 1]))
            && !(end < text.endIndex && Self.isWord(text[end]))
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let kind = CharacterClass(scalar)
        return kind == .letter || kind == .number || scalar == "_"
    }
}

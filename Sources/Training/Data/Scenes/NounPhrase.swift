import Scenes

/// The name of one thing that can be counted, such as "red apple".
struct NounPhrase: Codable, Hashable {
    private(set) var words: [String]

    /// Words of captions that name more, or something else, than one thing that stands by itself.
    private static let excluded: Set<String> = [
        "with", "of", "on", "in", "and", "or", "without", "for", "from", "to", "at", "by", "behind", "over", "under",
        "no",
        "the", "two", "three", "four", "outline", "silhouette", "sketch", "face-up", "half", "pair", "showing",
    ]
    /// nil unless the caption is one to three plain words for one thing.
    init?(caption: String) {
        let words = caption.lowercased().split(separator: " ").map(String.init)
        guard (1...3).contains(words.count), let noun = words.last,
            words.allSatisfy({ word in word.allSatisfy { $0.isLetter || $0 == "-" } && !Self.excluded.contains(word) }),
            noun.hasSuffix("ss") || noun.hasSuffix("us") || !noun.hasSuffix("s")
        else { return nil }
        self.words = words
    }

    /// The words for a colour that it has.
    var colors: [String] { words.filter(NamedHue.words.contains) }

    /// The same thing in another colour: the word is replaced, or put first.
    func colored(_ color: String) -> NounPhrase {
        var phrase = self
        phrase.words = [color] + words.filter { !NamedHue.words.contains($0) }
        // A thing whose name is a colour, as an orange: it is both.
        if phrase.words.count == 1, let noun = words.last { phrase.words.append(noun) }
        return phrase
    }

    /// "a red apple", "an owl", "two red apples".
    func counted(_ count: Int) -> String {
        guard count > 1 else { return NounNumber.article(words) }
        return
            ([NounNumber.words[count] ?? "\(count)"] + words.dropLast() + [NounNumber.plural(words[words.count - 1])])
            .joined(separator: " ")
    }
}

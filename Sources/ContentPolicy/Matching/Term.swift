/// A word or phrase of a rules file, folded.
public struct Term: Hashable, Sendable {
    /// As it stands in the file.
    public let text: String
    public let language: String
    /// Folded scalars; words are parted by one space.
    let scalars: [UInt32]
    /// Whether it may begin inside a word. Always so in scripts that do not part words.
    let isSuffix: Bool
    /// Whether the word may go on after it.
    let isPrefix: Bool

    /// `text` may begin and end with a star. Nil if no letter is left after folding.
    init?(_ text: String, language: String) {
        var body = Substring(text)
        let leading = body.hasPrefix("*")
        let trailing = body.hasSuffix("*")
        if leading { body.removeFirst() }
        if trailing, !body.isEmpty { body.removeLast() }
        let folded = FoldedText(String(body))
        let words = folded.words.map { folded.scalars[$0.start..<$0.end] }
        guard !words.isEmpty else { return nil }
        self.text = text
        self.language = language
        scalars = Array(words.joined(separator: [TermTrie.space]))
        let unparted = folded.scalars.allSatisfy(Self.isIdeograph)
        isSuffix = leading || unparted
        isPrefix = trailing || unparted
    }

    static let maxLength = 100

    /// Whether it is long enough to mean something and short enough to be looked for.
    var isUsable: Bool {
        let unparted = scalars.allSatisfy(Self.isIdeograph)
        let least = unparted ? 1 : isPrefix || isSuffix ? 3 : 2
        return scalars.count >= least && scalars.count <= Self.maxLength
    }

    private static func isIdeograph(_ scalar: UInt32) -> Bool {
        CharacterClass(scalar, before: nil, after: nil) == .ideograph
    }
}

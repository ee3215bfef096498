/// Finds terms in texts: as whole words, and spelled out, stretched, joined or in leetspeak.
struct TermMatcher: Sendable {
    struct Hit: Hashable, Sendable {
        var list: Int
        /// Scalars of the folded text.
        var range: Range<Int>
        /// The word in which it begins.
        var word: Int
    }

    /// Terms that begin where a word does.
    private var words = TermTrie()
    /// Terms that may begin inside a word: those of scripts without spaces, and those with a leading star.
    private var anywhere = TermTrie()

    mutating func insert(_ term: Term, list: Int) {
        let end = TermTrie.End(list: list, isPrefix: term.isPrefix)
        if term.isSuffix {
            anywhere.insert(term.scalars, end: end)
        } else {
            words.insert(term.scalars, end: end)
        }
    }

    func hits(in text: FoldedText) -> Set<Hit> {
        var search = TermSearch(text: text, trie: anywhere)
        for (index, word) in text.words.enumerated() {
            for start in word.start..<word.end {
                search.run(anywhere, from: start, in: index)
                if start == word.start || Leetspeak.symbol(text.scalars[start - 1]) != nil {
                    search.run(words, from: start, in: index)
                }
            }
        }
        return Set(search.hits)
    }
}

/// Walks down a trie from one place of a text after the other.
private struct TermSearch {
    let text: FoldedText
    private var trie: TermTrie
    private var start = 0
    private var word = 0
    private(set) var hits: [TermMatcher.Hit] = []

    init(text: FoldedText, trie: TermTrie) {
        self.text = text
        self.trie = trie
    }

    /// What was read on the way to a node.
    struct Reading {
        var pieces = Pieces()
        /// Scalars read as themselves, and those that only stand for a letter.
        var plain = 0
        var disguised = 0

        /// A number is not a word: something must be a letter.
        var isLegible: Bool { disguised == 0 || plain * 2 >= disguised }
    }

    mutating func run(_ trie: TermTrie, from start: Int, in word: Int) {
        (self.trie, self.start, self.word) = (trie, start, word)
        walk(TermTrie.root, at: start, in: word, Reading())
    }

    private mutating func walk(_ node: Int32, at place: Int, in word: Int, _ reading: Reading) {
        let end = text.words[word].end
        if node != TermTrie.root { record(node, at: place, in: word, reading) }
        if let next = trie.child(of: node, along: TermTrie.space) {
            passSpace(next, at: place, in: word, reading)
        }
        guard place < end else {
            return join(node, at: place, in: word, reading)
        }
        read(node, at: place, in: word, reading)
    }

    /// Reads one scalar, or a stretched run of it, in each way that it may be meant.
    private mutating func read(_ node: Int32, at place: Int, in word: Int, _ reading: Reading) {
        let scalar = text.scalars[place]
        follow(scalar, disguised: false, node, at: place, in: word, reading)
        for letter in Leetspeak.letters(forDigit: scalar) {
            follow(letter, disguised: true, node, at: place, in: word, reading)
        }
        guard let symbol = Leetspeak.symbol(scalar) else { return }
        for letter in symbol.letters {
            follow(letter, disguised: true, node, at: place, in: word, reading)
        }
        // Or it only parts letters: p|o|r|n.
        guard node != TermTrie.root, !reading.pieces.areFarApart else { return }
        var parted = reading
        parted.pieces.part(by: .mark)
        walk(node, at: place + 1, in: word, parted)
    }

    private mutating func follow(
        _ letter: UInt32, disguised: Bool, _ node: Int32, at place: Int, in word: Int, _ reading: Reading
    ) {
        guard var next = trie.child(of: node, along: letter) else { return }
        var reading = reading
        reading.plain += disguised ? 0 : 1
        reading.disguised += disguised ? 1 : 0
        reading.pieces.read(text.scalars[place])
        let run = text.runEnds[place] - place
        guard run >= 3 else {
            return walk(next, at: place + 1, in: word, reading)
        }
        // A run of three and more is somebody stretching one letter, or two: "niiice", "boooob".
        for _ in 0..<min(run, 4) {
            walk(next, at: place + run, in: word, reading)
            guard let further = trie.child(of: next, along: letter) else { return }
            next = further
        }
    }

    /// The term has a space here: the text may have a gap, or none ("childporn").
    private mutating func passSpace(_ node: Int32, at place: Int, in word: Int, _ reading: Reading) {
        guard reading.pieces.areOneWord else { return }
        var reading = reading
        reading.pieces = Pieces()
        if place < text.words[word].end {
            walk(node, at: place, in: word, reading)
        } else if word + 1 < text.words.count {
            walk(node, at: text.words[word + 1].start, in: word + 1, reading)
        }
    }

    /// The term goes on where the text has a gap: perhaps it is spelled out.
    private mutating func join(_ node: Int32, at place: Int, in word: Int, _ reading: Reading) {
        guard node != TermTrie.root, word + 1 < text.words.count else { return }
        let next = text.words[word + 1]
        var reading = reading
        reading.pieces.part(by: next.gap)
        guard reading.pieces.mayBecomeOneWord else { return }
        walk(node, at: next.start, in: word + 1, reading)
    }

    private mutating func record(_ node: Int32, at place: Int, in word: Int, _ reading: Reading) {
        let ends = trie.ends(at: node)
        guard !ends.isEmpty, reading.isLegible, reading.pieces.areOneWord else { return }
        let word = text.words[word]
        // Spelled out, it must take up its words: of "gold brass", "d b" is no piece.
        guard !reading.pieces.spaced || (start == text.words[self.word].start && place == word.end) else { return }
        let wordEnds = place == word.end || Leetspeak.symbol(text.scalars[place]) != nil
        for end in ends where end.isPrefix || wordEnds {
            hits.append(.init(list: end.list, range: start..<place, word: self.word))
        }
    }
}

/// The pieces that a word was cut into, and whether that looks like a disguise or like ordinary writing.
private struct Pieces {
    private(set) var spaced = false
    private var count = 1
    /// Pieces of two and more scalars.
    private var long = 0
    /// Of the piece that is being read.
    private var length = 0
    private var first: UInt32 = 0
    /// Gaps since the last scalar.
    private var parts = 0
    /// The last finished piece of one scalar.
    private var single: UInt32?

    mutating func read(_ scalar: UInt32) {
        length += 1
        if length == 1 { first = scalar }
        if length == 2 { long += 1 }
    }

    mutating func part(by gap: FoldedText.Gap) {
        spaced = spaced || gap == .space
        // Where nothing was read since the last gap, it only grows.
        guard length > 0 else {
            parts += 1
            return
        }
        if length == 1 { single = first }
        count += 1
        length = 0
        parts = 1
    }

    /// So many symbols in a row part whole phrases.
    var areFarApart: Bool { length == 0 && parts >= 4 }

    var mayBecomeOneWord: Bool { !spaced || long <= 1 }

    /// Marks part no words ("po-rn"). Spaces do, unless all pieces but one are single letters ("p o r n", "por n"); of two
    /// pieces the single letter must not be one that is a word by itself ("a bomb").
    var areOneWord: Bool {
        guard spaced else { return true }
        return long <= 1 && (count > 2 || !Self.ordinary.contains(length == 1 ? first : single ?? first))
    }

    /// Letters that are words in one of the languages, and what may be a number.
    private static let ordinary = Set("aeiouyw0123456789@$!|+(<*".unicodeScalars.map(\.value))
}

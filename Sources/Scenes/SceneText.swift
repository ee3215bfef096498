/// A prompt that counts out two to nine things which stand by themselves, such as "two red apples and a green pear, on a
/// blue background".
///
/// A model that has learnt things one by one draws each of them better than all at once: what is said of a thing is read
/// apart from the others (Feng et al. 2023, "Training-Free Structured Diffusion Guidance", take noun phrases in the same
/// way), and each gets a place of its own.
public struct SceneText: Hashable, Sendable {
    /// Things of one kind.
    public struct Kind: Hashable, Sendable {
        public var count: Int
        /// As one of them is called alone: "a red apple".
        public var phrase: String
    }

    /// In the order in which they are placed: from the left, from above.
    public private(set) var kinds: [Kind]
    /// How two things lie, where that is said.
    public private(set) var order: SceneLayout.Order?
    /// What is said of all of them, such as "on a blue background"; may be empty.
    public private(set) var manner: String

    /// The texts of the kinds, each with what is said of all.
    public var texts: [String] { kinds.map { manner.isEmpty ? $0.phrase : "\($0.phrase), \(manner)" } }

    /// Places for the things of each kind, by chance.
    public func boxes(_ random: inout some RandomNumberGenerator) -> [[Box]] {
        let layout = SceneLayout(count: kinds.reduce(0) { $0 + $1.count }, order: order, &random)
        var boxes = layout.boxes[...]
        return kinds.map { kind in
            defer { boxes = boxes.dropFirst(kind.count) }
            return Array(boxes.prefix(kind.count))
        }
    }

    /// nil unless the prompt counts out two things or more, as many as a layout can have.
    public init?(_ prompt: String) {
        var clauses = prompt.lowercased().split { ",.;".contains($0) }
            .map { $0.split(whereSeparator: \.isWhitespace).map(String.init) }
            .filter { !$0.isEmpty }
        // "…, a dog, and two cats": what comes after a comma is another thing where it is counted.
        let listed = clauses.prefix { Self.count(Self.withoutAnd($0).first) != nil }
        var manner = Array(clauses.dropFirst(listed.count))
        clauses = listed.map(Self.withoutAnd)
        if let last = clauses.last, let start = Self.ground(in: last) {
            clauses[clauses.count - 1] = Array(last[..<start])
            manner.insert(Array(last[start...]), at: 0)
        }
        let read = clauses.flatMap(Self.phrases)
        let kinds = read.compactMap { Self.kind($0.words) }
        let total = kinds.reduce(0) { $0 + $1.count }
        guard !kinds.isEmpty, kinds.count == read.count, total > 1, SceneLayout.counts ~= total else { return nil }
        let relation = read.count == 2 ? read[1].relation : nil
        self.kinds = relation?.isReversed == true ? kinds.reversed() : kinds
        order = relation?.order
        self.manner = manner.map { $0.joined(separator: " ") }.joined(separator: ", ")
    }

    // MARK: Reading

    /// Words between two things, and how the things then lie.
    private struct Relation {
        var words: [String]
        var order: SceneLayout.Order?
        /// Whether the second thing is placed first.
        var isReversed = false

        init(_ words: String, _ order: SceneLayout.Order?, isReversed: Bool = false) {
            self.words = words.split(separator: " ").map(String.init)
            (self.order, self.isReversed) = (order, isReversed)
        }

        static let all = [
            Relation("and", nil), Relation("left of", .beside), Relation("right of", .beside, isReversed: true),
            Relation("to the left of", .beside), Relation("to the right of", .beside, isReversed: true),
            Relation("next to", .beside), Relation("beside", .beside), Relation("above", .below),
            Relation("below", .below, isReversed: true), Relation("under", .below, isReversed: true),
        ].sorted { $0.words.count > $1.words.count }
    }

    private static let counts = ["a": 1, "an": 1].merging(
        NounNumber.words.flatMap { [($1, $0), ("\($0)", $0)] }, uniquingKeysWith: { a, _ in a })

    private static func count(_ word: String?) -> Int? { word.flatMap { counts[$0] } }

    private static func withoutAnd(_ words: [String]) -> [String] {
        words.first == "and" ? Array(words.dropFirst()) : words
    }

    /// Where "on a … background" begins, at the end of a text's words.
    public static func ground(in words: [String]) -> Int? {
        guard words.last == "background" else { return nil }
        return words.lastIndex(of: "on")
    }

    /// A clause in pieces at the words between two things, where what follows is counted, each with what stood before it.
    private static func phrases(of clause: [String]) -> [(words: [String], relation: Relation?)] {
        var phrases: [(words: [String], relation: Relation?)] = [([], nil)]
        var place = 0
        while place < clause.count {
            let rest = clause[place...]
            let relation = Relation.all.first { relation in
                rest.starts(with: relation.words) && count(rest.dropFirst(relation.words.count).first) != nil
            }
            if let relation, place > 0 {
                phrases.append(([], relation))
                place += relation.words.count
            } else {
                phrases[phrases.count - 1].words.append(clause[place])
                place += 1
            }
        }
        return phrases
    }

    /// "two red apples": two of "a red apple".
    private static func kind(_ words: [String]) -> Kind? {
        guard let count = count(words.first), let one = NounNumber.one(of: Array(words.dropFirst()), count: count)
        else { return nil }
        return Kind(count: count, phrase: NounNumber.article(one))
    }
}

/// Decides on prompts by rules. Pure: the same text gives the same decision.
public struct PromptPolicy: Sendable {
    public let rules: RuleSet
    private let matcher: TermMatcher
    /// The lists' names at their numbers in the matcher, which knows the allowed phrases as the last.
    private let numbers: [String: Int]

    public init(_ rules: RuleSet) {
        var matcher = TermMatcher()
        var numbers: [String: Int] = [:]
        for (number, list) in rules.termLists.enumerated() {
            numbers[list.name] = number
            for term in list.terms { matcher.insert(term, list: number) }
        }
        for term in rules.allowed { matcher.insert(term, list: rules.termLists.count) }
        self.rules = rules
        self.matcher = matcher
        self.numbers = numbers
    }

    public func decide(_ prompt: String) -> Decision {
        let places = places(in: FoldedText(prompt))
        guard places.contains(where: { !$0.isEmpty }) else { return .allowed }
        let fired = rules.rules.filter { $0.action != .off && fires($0, places) }
        return Self.decision(fired)
    }

    /// For each list the words at which its terms were found, in order, outside harmless phrases.
    private func places(in text: FoldedText) -> [[Int]] {
        let hits = matcher.hits(in: text)
        var places = [[Int]](repeating: [], count: rules.termLists.count)
        guard !hits.isEmpty else { return places }
        var harmlessEnd = 0
        for hit in hits.sorted(by: Self.isBefore) {
            if hit.list == rules.termLists.count {
                harmlessEnd = max(harmlessEnd, hit.range.upperBound)
            } else if hit.range.upperBound > harmlessEnd {
                places[hit.list].append(hit.word)
            }
        }
        return places
    }

    /// By where they begin, the longer before the shorter, so that a harmless phrase comes before what it covers.
    private static func isBefore(_ left: TermMatcher.Hit, _ right: TermMatcher.Hit) -> Bool {
        if left.range.lowerBound != right.range.lowerBound { return left.range.lowerBound < right.range.lowerBound }
        if left.range.upperBound != right.range.upperBound { return left.range.upperBound > right.range.upperBound }
        return left.list > right.list
    }

    private func fires(_ rule: Rule, _ places: [[Int]]) -> Bool {
        func words(_ list: String) -> [Int] { numbers[list].map { places[$0] } ?? [] }
        return rule.unless.allSatisfy { words($0).isEmpty }
            && rule.conditions.contains { condition in
                let lists = condition.lists.map(words)
                guard lists.allSatisfy({ !$0.isEmpty }) else { return false }
                return condition.within.map { Self.span(lists) <= $0 } ?? true
            }
    }

    /// The fewest words that hold a member of each list; the lists are in order, and none is empty.
    static func span(_ lists: [[Int]]) -> Int {
        var heads = [Int](repeating: 0, count: lists.count)
        var best = Int.max
        while true {
            let fronts = lists.indices.map { lists[$0][heads[$0]] }
            guard let first = fronts.min(), let last = fronts.max(), let lagging = fronts.firstIndex(of: first) else {
                return best
            }
            best = min(best, last - first + 1)
            heads[lagging] += 1
            if heads[lagging] == lists[lagging].count { return best }
        }
    }

    private static func decision(_ fired: [Rule]) -> Decision {
        let ordered = fired.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            guard a.action == b.action else { return a.action == .block }
            return a.score != b.score ? a.score > b.score : left.offset < right.offset
        }.map(\.element)
        guard let decisive = ordered.first else { return .allowed }
        var scores: [ModerationCategory: Double] = [:]
        for rule in ordered {
            for category in rule.categories { scores[category] = max(scores[category] ?? 0, rule.score) }
        }
        return Decision(
            verdict: decisive.action == .block ? .blocked : .flagged, scores: scores, flagged: Set(scores.keys),
            rules: ordered.map(\.id), category: decisive.categories.first)
    }
}

/// Reads the format of `docs/policy.md`: sections that begin in the first column, and indented lines that belong to them.
struct RulesParser {
    private var set = RuleSet()
    private var section = Section.none
    private var line = 0
    /// The lines of the rules, for errors that show only at the end.
    private var linesOfRules: [String: Int] = [:]
    /// The rules that have a `when` in this file: the first one takes the place of those inherited.
    private var rulesWithConditions: Set<String> = []
    private var seenHeader = false
    private var inherits = false

    private enum Section {
        case none
        case terms(list: Int)
        case allow
        case rule(index: Int)
    }

    mutating func parse(_ text: String) throws(RulesError) -> RuleSet {
        for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            let uncommented = raw.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
            let content = uncommented.trimmed
            guard !content.isEmpty else { continue }
            if uncommented.first?.isWhitespace == true {
                try parseBody(content)
            } else {
                try parseHeading(content)
            }
        }
        guard seenHeader else { throw fail("the first line must be 'limn-policy 1'") }
        try checkRules()
        set.revision = Self.digest(text, after: inherits ? set.revision : "")
        return set
    }

    // MARK: Sections

    private mutating func parseHeading(_ content: Substring) throws(RulesError) {
        let words = content.split(whereSeparator: \.isWhitespace)
        guard seenHeader else {
            guard words == ["limn-policy", "1"] else { throw fail("the first line must be 'limn-policy 1'") }
            seenHeader = true
            return
        }
        section = .none
        switch (words[0], words.count) {
        case ("extends", 2): try extend(words[1])
        case ("terms", 2): section = .terms(list: try termList(named: words[1]))
        case ("allow", 1): section = .allow
        case ("rule", 2): section = .rule(index: try rule(named: words[1]))
        default:
            throw fail("expected 'extends standard', 'terms NAME', 'allow' or 'rule NAME' in the first column")
        }
    }

    private mutating func extend(_ name: Substring) throws(RulesError) {
        guard name == "standard" else { throw fail("only 'extends standard' is known") }
        guard !inherits, set.termLists.isEmpty, set.allowed.isEmpty, set.rules.isEmpty else {
            throw fail("'extends standard' must come once, before everything else")
        }
        inherits = true
        set = try RuleSet.standard()
    }

    private mutating func termList(named name: Substring) throws(RulesError) -> Int {
        try checkName(name)
        if let known = set.termLists.firstIndex(where: { $0.name == name }) { return known }
        set.termLists.append(.init(name: String(name), terms: []))
        return set.termLists.count - 1
    }

    /// A rule that the standard rules have too takes its place; within one file a name stands once.
    private mutating func rule(named id: Substring) throws(RulesError) -> Int {
        try checkName(id)
        let id = String(id)
        if let other = linesOfRules[id] { throw fail("a rule of this name stands in line \(other) already") }
        linesOfRules[id] = line
        if let known = set.rules.firstIndex(where: { $0.id == id }) {
            return known
        }
        set.rules.append(Rule(id: id, categories: [], score: -1, action: .block, conditions: [], unless: []))
        return set.rules.count - 1
    }

    private func checkName(_ name: Substring) throws(RulesError) {
        let allowed = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
        }
        guard allowed, name.utf8.count <= 64 else {
            throw fail("a name is at most 64 lowercase letters, digits and hyphens")
        }
    }

    // MARK: Lines of sections

    private mutating func parseBody(_ content: Substring) throws(RulesError) {
        switch section {
        case .none: throw fail("an indented line must follow 'terms NAME', 'allow' or 'rule NAME'")
        case .terms(let list): set.termLists[list].terms += try terms(content)
        case .allow: set.allowed += try terms(content)
        case .rule(let index): try parseField(content, of: index)
        }
    }

    /// `en: first term, second*`
    private func terms(_ content: Substring) throws(RulesError) -> [Term] {
        let parts = content.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, (2...3).contains(parts[0].count), parts[0].allSatisfy(\.isLowercase) else {
            throw fail(
                "expected a language's code, a colon, and terms with commas between them, such as 'en: cat, dog*'")
        }
        var terms: [Term] = []
        for text in parts[1].split(separator: ",") {
            let text = text.trimmed
            guard let term = Term(String(text), language: String(parts[0])) else {
                throw fail("a term without letters or digits")
            }
            guard term.isUsable else {
                throw fail(
                    "a term of this length would match nearly everything, or nothing: 2 to \(Term.maxLength) letters "
                        + "(3 and more with a star)")
            }
            terms.append(term)
        }
        return terms
    }

    private mutating func parseField(_ content: Substring, of index: Int) throws(RulesError) {
        let parts = content.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        guard parts.count == 2 else { throw fail("expected a field and its value, such as 'action block'") }
        let value = parts[1].trimmed
        switch parts[0] {
        case "category": set.rules[index].categories = try categories(value)
        case "score": set.rules[index].score = try score(value)
        case "action":
            guard let action = Rule.Action(rawValue: String(value)) else {
                throw fail("'\(value)' is no action; expected block, flag or off")
            }
            set.rules[index].action = action
        case "when": try addCondition(value, to: index)
        case "unless": set.rules[index].unless = value.split(separator: ",").map { String($0.trimmed) }
        default: throw fail("'\(parts[0])' is no field; expected category, score, action, when or unless")
        }
    }

    private func categories(_ value: Substring) throws(RulesError) -> [ModerationCategory] {
        var categories: [ModerationCategory] = []
        for name in value.split(separator: ",") {
            guard let category = ModerationCategory(rawValue: String(name.trimmed)) else {
                let known = ModerationCategory.allCases.map(\.rawValue).joined(separator: ", ")
                throw fail("'\(name.trimmed)' is no category; expected one of \(known)")
            }
            categories.append(category)
        }
        return categories
    }

    private func score(_ value: Substring) throws(RulesError) -> Double {
        guard let score = Double(value), score > 0, score <= 1 else {
            throw fail("'\(value)' is no score; expected a number above 0, at most 1")
        }
        return score
    }

    /// `minors + sexual within 12`
    private mutating func addCondition(_ value: Substring, to index: Int) throws(RulesError) {
        let parts = value.split(separator: " within ", maxSplits: 1)
        var within: Int?
        if parts.count == 2 {
            guard let words = Int(parts[1].trimmed), words >= 1 else {
                throw fail("'within' takes a number of words, at least 1")
            }
            within = words
        }
        let lists = (parts.first ?? "").split(separator: "+").map { String($0.trimmed) }
        guard !lists.isEmpty else { throw fail("'when' takes lists of terms, such as 'when minors + sexual'") }
        if rulesWithConditions.insert(set.rules[index].id).inserted { set.rules[index].conditions = [] }
        set.rules[index].conditions.append(.init(lists: lists, within: within))
    }

    // MARK: The whole

    private func checkRules() throws(RulesError) {
        let names = Set(set.termLists.map(\.name))
        for rule in set.rules {
            // A rule without a line is the standard rules', and whole.
            guard let line = linesOfRules[rule.id] else { continue }
            func fail(_ message: String) -> RulesError { RulesError(line: line, section: "rule \(rule.id)", message) }
            guard !rule.categories.isEmpty else { throw fail("'category' is missing") }
            guard rule.score > 0 else { throw fail("'score' is missing") }
            guard !rule.conditions.isEmpty else { throw fail("'when' is missing") }
            for list in rule.conditions.flatMap(\.lists) + rule.unless where !names.contains(list) {
                throw fail(
                    "there is no list of terms named '\(list)'; the lists are \(names.sorted().joined(separator: ", "))"
                )
            }
        }
    }

    private func fail(_ message: String) -> RulesError {
        let name: String? =
            switch section {
            case .none: nil
            case .terms(let list): "terms \(set.termLists[list].name)"
            case .allow: "allow"
            case .rule(let index): "rule \(set.rules[index].id)"
            }
        return RulesError(line: line, section: name, message)
    }

    /// FNV-1a of 64 bits, as 16 hexadecimal digits.
    private static func digest(_ text: String, after base: String) -> String {
        let hash = (base + text).utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        let tail = drop(while: \.isWhitespace)
        guard let last = tail.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return tail[...last]
    }
}

/// A policy told to people and programs: categories and rules, without the terms.
public struct PolicySummary: Hashable, Codable, Sendable {
    public struct Category: Hashable, Codable, Sendable {
        public var id: ModerationCategory
        public var explanation: String
        /// Whether a rule refuses prompts of this category.
        public var blocked: Bool
        /// The ids of the rules of this category.
        public var rules: [String]
    }

    public struct Rule: Hashable, Codable, Sendable {
        public var id: String
        public var categories: [ModerationCategory]
        public var score: Double
        public var action: ContentPolicy.Rule.Action
        /// The lists that must all be found, for each way in which the rule fires.
        public var when: [[String]]
    }

    public struct TermList: Hashable, Codable, Sendable {
        public var name: String
        public var terms: Int
    }

    /// Changes with the rules: recorded beside decisions, it tells which rules were in force.
    public var revision: String
    public var languages: [String]
    public var categories: [Category]
    public var rules: [Rule]
    public var termLists: [TermList]
    public var allowedPhrases: Int
    public var picturePolicy: String
    public var checksPictures: Bool

    init(_ policy: Policy) {
        let set = policy.prompts.rules
        revision = set.revision
        languages = set.languages
        categories = ModerationCategory.allCases.map { category in
            let rules = set.rules.filter { $0.action != .off && $0.categories.contains(category) }
            return Category(
                id: category, explanation: category.explanation,
                blocked: rules.contains { $0.action == .block }, rules: rules.map(\.id))
        }
        rules = set.rules.map { rule in
            Rule(
                id: rule.id, categories: rule.categories, score: rule.score, action: rule.action,
                when: rule.conditions.map(\.lists))
        }
        termLists = set.termLists.map { TermList(name: $0.name, terms: $0.terms.count) }
        allowedPhrases = set.allowed.count
        picturePolicy = policy.pictures.name
        checksPictures = policy.pictures.checksPictures
    }
}

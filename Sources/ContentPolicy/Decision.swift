/// What the policy says of one text or picture. It names rules and categories, never what was judged.
public struct Decision: Hashable, Codable, Sendable {
    public enum Verdict: String, Codable, CaseIterable, Comparable, Sendable {
        case allowed
        /// Done as asked, and recorded.
        case flagged
        /// Refused.
        case blocked

        public static func < (left: Verdict, right: Verdict) -> Bool {
            left.severity < right.severity
        }

        private var severity: Int {
            switch self {
            case .allowed: 0
            case .flagged: 1
            case .blocked: 2
            }
        }
    }

    public var verdict: Verdict
    /// 0…1; categories that are not in it have 0.
    public var scores: [ModerationCategory: Double]
    /// The categories of the rules that fired.
    public var flagged: Set<ModerationCategory>
    /// The ids of the rules that fired, the decisive one first.
    public var rules: [String]
    /// What the decisive rule is about.
    public var category: ModerationCategory?

    public init(
        verdict: Verdict, scores: [ModerationCategory: Double] = [:], flagged: Set<ModerationCategory> = [],
        rules: [String] = [], category: ModerationCategory? = nil
    ) {
        self.verdict = verdict
        self.scores = scores
        self.flagged = flagged
        self.rules = rules
        self.category = category
    }

    public static let allowed = Decision(verdict: .allowed)

    public var isBlocked: Bool { verdict == .blocked }

    /// The decisive rule's id; nil where no rule fired.
    public var rule: String? { rules.first }

    public func score(of category: ModerationCategory) -> Double { scores[category] ?? 0 }

    /// Both together: the severer verdict decides, and each score is the higher of the two.
    public func merged(with other: Decision) -> Decision {
        let (first, second) = other.verdict > verdict ? (other, self) : (self, other)
        return Decision(
            verdict: first.verdict,
            scores: first.scores.merging(second.scores, uniquingKeysWith: max),
            flagged: first.flagged.union(second.flagged),
            rules: first.rules + second.rules.filter { !first.rules.contains($0) },
            category: first.category ?? second.category)
    }
}

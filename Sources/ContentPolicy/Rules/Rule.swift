/// What is done about prompts in which lists of terms meet.
public struct Rule: Hashable, Sendable {
    public enum Action: String, Codable, CaseIterable, Sendable {
        case block
        /// Let it pass, and record it.
        case flag
        /// The rule is not in force.
        case off
    }

    /// Lists that must all be found in a prompt.
    public struct Condition: Hashable, Sendable {
        public var lists: [String]
        /// The most words that the terms may span, both ends counted; nil for anywhere in the prompt.
        public var within: Int?
    }

    public var id: String
    public var categories: [ModerationCategory]
    /// 0…1, what the moderations endpoint answers for the categories.
    public var score: Double
    public var action: Action
    /// The rule fires if one of these holds.
    public var conditions: [Condition]
    /// Lists of which none may be found.
    public var unless: [String]
}

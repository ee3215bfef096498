import Foundation

/// The rules of a file: lists of terms, phrases that are harmless, and what to do.
public struct RuleSet: Hashable, Sendable {
    public struct TermList: Hashable, Sendable {
        public var name: String
        public var terms: [Term]
    }

    public internal(set) var termLists: [TermList] = []
    /// Phrases inside which no term counts, such as "naked mole rat".
    public internal(set) var allowed: [Term] = []
    public internal(set) var rules: [Rule] = []
    /// A digest of the text that the rules were read from. It tells versions apart and protects nothing.
    public internal(set) var revision = ""

    /// BCP 47 codes of the languages that have terms, in alphabetical order.
    public var languages: [String] {
        Set(termLists.flatMap { $0.terms.map(\.language) }).sorted()
    }

    /// The rules that come with Limn.
    public static func standard() throws(RulesError) -> RuleSet { try RuleSet(parsing: standardText) }

    /// The text of the rules that come with Limn, to start a file of one's own from.
    public static var standardText: String { String(decoding: PackageResources.standard_rules, as: UTF8.self) }

    /// The largest file that is read.
    static let maxBytes = 8 << 20

    /// - Throws: `RulesError`, with line 0 if the file cannot be read.
    public init(contentsOf file: URL) throws(RulesError) {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw RulesError(line: 0, "the file cannot be read: is it there, and may this user read it?")
        }
        guard data.count <= Self.maxBytes else {
            throw RulesError(line: 0, "the file has \(data.count) bytes; at most \(Self.maxBytes) are read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw RulesError(line: 0, "the file is not UTF-8: save it in that encoding")
        }
        try self.init(parsing: text)
    }

    /// - Throws: `RulesError` at the first line that is wrong.
    public init(parsing text: String) throws(RulesError) {
        var parser = RulesParser()
        self = try parser.parse(text)
    }

    init() {}
}

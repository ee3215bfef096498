/// What is wrong with a rules file, and where.
public struct RulesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1; 0 for the file as a whole.
    public var line: Int
    /// The rule or list that the line belongs to.
    public var section: String?
    public var message: String

    init(line: Int, section: String? = nil, _ message: String) {
        self.line = line
        self.section = section
        self.message = message
    }

    public var description: String {
        let place = [line > 0 ? "line \(line)" : nil, section].compactMap(\.self).joined(separator: ", ")
        return place.isEmpty ? "policy rules: \(message)" : "policy rules, \(place): \(message)"
    }
}

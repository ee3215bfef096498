/// All that does not fit between a network and its weights, found in one pass.
public struct ParameterError: Error, CustomStringConvertible, Sendable {
    public struct Mismatch: Sendable, Equatable {
        public var key: String
        public var expected: [Int]
        public var found: [Int]
    }

    /// Keys that the network has and the weights lack.
    public var missing: [String] = []
    /// Keys that the weights have and the network lacks.
    public var unused: [String] = []
    /// Keys whose shapes differ.
    public var mismatched: [Mismatch] = []
    /// Keys whose stored type cannot be a weight, with the type's name.
    public var wrongType: [String] = []
    /// Keys that could not be read, with the reason.
    public var unreadable: [String] = []
    /// Keys that two layers of the network claim: a mistake in the network.
    public var duplicate: [String] = []

    public init() {}

    public var isEmpty: Bool {
        missing.isEmpty && unused.isEmpty && mismatched.isEmpty && wrongType.isEmpty && unreadable.isEmpty
            && duplicate.isEmpty
    }

    public var description: String {
        var parts: [String] = []
        func add(_ title: String, _ items: [String]) {
            guard !items.isEmpty else { return }
            let shown = items.prefix(5).joined(separator: ", ")
            parts.append("\(items.count) \(title): \(shown)\(items.count > 5 ? ", …" : "")")
        }
        add("missing", missing)
        add("unused", unused)
        add("of another shape", mismatched.map { "\($0.key) (expected \($0.expected), found \($0.found))" })
        add("of a type that no weight has", wrongType)
        add("unreadable", unreadable)
        add("claimed twice by the network", duplicate)
        return "the weights do not fit the configuration; " + parts.joined(separator: "; ")
    }
}

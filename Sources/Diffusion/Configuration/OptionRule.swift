/// One option of a scheduler class: its value when a configuration does not say, and the values that Limn supports.
struct OptionRule: Sendable {
    let initial: OptionValue
    let accepts: Accepted

    indirect enum Accepted: Sendable {
        case flag
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case choice([String])
        case numbers
        case integers
        case optional(Accepted)
        /// The reference has other values; Limn supports the initial one alone.
        case initialOnly
    }

    static func flag(_ initial: Bool) -> OptionRule { OptionRule(initial: .flag(initial), accepts: .flag) }

    static func integer(_ initial: Int, _ range: ClosedRange<Int>) -> OptionRule {
        OptionRule(initial: .integer(initial), accepts: .integer(range))
    }

    static func number(_ initial: Double, _ range: ClosedRange<Double>) -> OptionRule {
        OptionRule(initial: .number(initial), accepts: .number(range))
    }

    static func choice(_ initial: String, _ others: String...) -> OptionRule {
        OptionRule(initial: .text(initial), accepts: .choice([initial] + others))
    }

    static func optional(_ accepted: Accepted) -> OptionRule {
        OptionRule(initial: .null, accepts: .optional(accepted))
    }

    static func only(_ initial: OptionValue) -> OptionRule { OptionRule(initial: initial, accepts: .initialOnly) }

    /// The value in the option's own type (an integer given for a number becomes a number), or nil if unsupported.
    func checked(_ value: OptionValue) -> OptionValue? {
        accepts.checked(value, initial: initial)
    }

    /// What is supported, in words.
    var expectation: String { accepts.expectation(initial: initial) }
}

extension OptionRule.Accepted {
    func checked(_ value: OptionValue, initial: OptionValue) -> OptionValue? {
        switch (self, value) {
        case (.flag, .flag): value
        case (.integer(let range), .integer(let integer)): range.contains(integer) ? value : nil
        case (.number(let range), _): value.asNumber.flatMap { range.contains($0) ? .number($0) : nil }
        case (.choice(let names), .text(let name)): names.contains(name) ? value : nil
        case (.numbers, .list(let values)): Self.all(values.map { $0.asNumber.map { .number($0) } })
        case (.integers, .list(let values)):
            Self.all(values.map { if case .integer = $0 { $0 } else { nil } })
        case (.optional, .null): .null
        case (.optional(let inner), _): inner.checked(value, initial: initial)
        case (.initialOnly, _): value == initial ? value : nil
        default: nil
        }
    }

    private static func all(_ values: [OptionValue?]) -> OptionValue? {
        let present = values.compactMap { $0 }
        return present.count == values.count ? .list(present) : nil
    }

    func expectation(initial: OptionValue) -> String {
        switch self {
        case .flag: "true or false"
        case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let names): "one of " + names.joined(separator: ", ")
        case .numbers: "a list of numbers"
        case .integers: "a list of integers"
        case .optional(let inner): inner.expectation(initial: initial) + ", or null"
        case .initialOnly: "\(initial), the only value supported"
        }
    }
}

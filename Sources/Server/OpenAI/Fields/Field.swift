/// A field of a request: what it may hold. Validation and the OpenAPI document are both made from it.
struct Field: Sendable {
    enum Kind: Sendable {
        /// Its length in characters.
        case string(ClosedRange<Int>)
        case choice([String])
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case boolean
        /// An image file, a part of a form.
        case file
    }

    var name: String
    var kind: Kind
    var isRequired = false
    /// What it means, for the document.
    var meaning: String
    var standard: JSONValue?

    init(_ name: String, _ kind: Kind, isRequired: Bool = false, standard: JSONValue? = nil, _ meaning: String) {
        self.name = name
        self.kind = kind
        self.isRequired = isRequired
        self.standard = standard
        self.meaning = meaning
    }
}

extension Field {
    /// Whether `value` may stand here; a null is the same as nothing, save where the field is required.
    /// - Throws: `APIError` in the words that clients know.
    func check(_ value: JSONValue) throws(APIError) {
        switch (kind, value) {
        case (_, .null) where !isRequired: return
        case (.string(let lengths), .string(let text)): try check(length: text.count, in: lengths)
        case (.choice(let choices), .string(let text)): try check(text, among: choices)
        case (.integer(let range), .integer(let number)): try check(number, "\(number)", in: range)
        case (.number(let range), .integer(let number)): try check(Double(number), "\(number)", in: range)
        case (.number(let range), .number(let number)): try check(number, "\(number)", in: range)
        case (.integer(let range), .unsigned(let number)):
            throw invalid("\(number) is greater than the maximum of \(range.upperBound) - '\(name)'")
        case (.boolean, .bool): return
        default: throw wrongType(value)
        }
    }

    private func check(length: Int, in range: ClosedRange<Int>) throws(APIError) {
        if length < range.lowerBound {
            throw invalid("'\(name)' is too short: \(length) characters, and at least \(range.lowerBound) are needed")
        }
        if length > range.upperBound {
            throw invalid("'\(name)' is too long: \(length) characters, and at most \(range.upperBound) are taken")
        }
    }

    private func check(_ text: String, among choices: [String]) throws(APIError) {
        guard !choices.contains(text), !(name == "size" && text == "auto") else { return }
        let list = choices.map { "'\($0)'" }.joined(separator: ", ")
        throw invalid("'\(text.prefix(60))' is not one of [\(list)] - '\(name)'")
    }

    private func check<Number: Comparable>(
        _ number: Number, _ text: String, in range: ClosedRange<Number>
    ) throws(APIError) {
        if number > range.upperBound {
            throw invalid("\(text) is greater than the maximum of \(range.upperBound) - '\(name)'")
        }
        // Not a number is neither greater nor less.
        guard number >= range.lowerBound else {
            throw invalid("\(text) is less than the minimum of \(range.lowerBound) - '\(name)'")
        }
    }

    private func wrongType(_ value: JSONValue) -> APIError {
        // Only a value that is short and is no prompt is told.
        let told =
            switch value {
            case .string where name == "prompt" || name == "negative_prompt": "the given text"
            case .string, .array, .object: "the given value"
            default: value.text
            }
        return invalid("\(told) is not of type '\(typeName)' - '\(name)'")
    }

    private var typeName: String {
        switch kind {
        case .string, .choice: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .file: "file"
        }
    }

    private func invalid(_ message: String) -> APIError { .invalid(message, param: name) }

    /// A value as a form sends it, as text.
    /// - Throws: `APIError` for text that is no such value.
    func value(ofText text: String) throws(APIError) -> JSONValue {
        switch kind {
        case .string, .choice, .file: return .string(text)
        case .integer: if let number = Int(text) { return .integer(number) }
        case .number: if let number = Double(text), number.isFinite { return .number(number) }
        case .boolean:
            if let value = ["true": true, "false": false, "1": true, "0": false][text.lowercased()] {
                return .bool(value)
            }
        }
        throw wrongType(.string(text))
    }
}

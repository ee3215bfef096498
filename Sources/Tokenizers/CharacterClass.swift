/// What a tokenizer's regular expression sees in a character: `\p{L}`, `\p{N}`, `\s`, or none of them.
enum CharacterClass {
    case letter, number, space, other

    /// The reference's expressions know Unicode 16; characters assigned later are neither letters nor numbers to them.
    private static let newestUnicode = 16

    init(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "a"..."z", "A"..."Z": self = .letter
        case "0"..."9": self = .number
        case "\t"..."\r", " ": self = .space
        case "\0"..."\u{7F}": self = .other
        default: self = Self.beyondASCII(scalar.properties)
        }
    }

    private static func beyondASCII(_ properties: Unicode.Scalar.Properties) -> CharacterClass {
        if properties.isWhitespace { return .space }
        let found: CharacterClass =
            switch properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
            case .decimalNumber, .letterNumber, .otherNumber: .number
            default: .other
            }
        guard found != .other, let age = properties.age, age.major <= newestUnicode else { return .other }
        return found
    }
}

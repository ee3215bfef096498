/// A folded text in the matcher's terms: the scalars of its words, and where words begin and end.
struct FoldedText {
    /// What stands before a word.
    enum Gap: UInt8 {
        /// White space, or a mark that separates the members of a list.
        case space
        /// Something that does not part words in ordinary writing, such as a hyphen or a star; or nothing at all.
        case mark
    }

    struct Word {
        var start: Int
        var end: Int
        var gap: Gap
    }

    private(set) var scalars: [UInt32] = []
    private(set) var words: [Word] = []
    /// For each scalar where the run of its like ends, within the word.
    private(set) var runEnds: [Int] = []

    init(_ text: String) {
        self.init(folded: TextFolding.scalars(of: text))
    }

    private init(folded: [UInt32]) {
        scalars.reserveCapacity(folded.count)
        var gap = Gap.space
        var previous = CharacterClass.space
        for (index, scalar) in folded.enumerated() {
            let kind = CharacterClass(scalar, before: index > 0 ? folded[index - 1] : nil, after: folded[after: index])
            switch kind {
            case .space: gap = .space
            case .mark: break
            case .letter, .ideograph:
                if kind != previous {
                    words.append(Word(start: scalars.count, end: scalars.count, gap: gap))
                }
                scalars.append(scalar)
                words[words.count - 1].end = scalars.count
                gap = .mark
            }
            previous = kind
        }
        measureRuns()
    }

    private mutating func measureRuns() {
        runEnds = Array(repeating: 0, count: scalars.count)
        for word in words {
            for place in (word.start..<word.end).reversed() {
                let goesOn = place + 1 < word.end && scalars[place + 1] == scalars[place]
                runEnds[place] = goesOn ? runEnds[place + 1] : place + 1
            }
        }
    }
}

extension Array {
    fileprivate subscript(after index: Int) -> Element? { index + 1 < count ? self[index + 1] : nil }
}

/// What a folded scalar is to the matcher.
enum CharacterClass {
    case letter, ideograph, space, mark

    /// A symbol counts as a letter where it may stand for one: `$hit`, `h!t`.
    init(_ scalar: UInt32, before: UInt32?, after: UInt32?) {
        self = Self.alone(scalar)
        guard self == .mark, let symbol = Leetspeak.symbol(scalar) else { return }
        let neighbours = [before, after].count { $0.map(Self.mayBeWord) ?? false }
        if neighbours >= (symbol.needsBothNeighbours ? 2 : 1) { self = .letter }
    }

    private static func mayBeWord(_ scalar: UInt32) -> Bool {
        alone(scalar) == .letter || Leetspeak.symbol(scalar) != nil
    }

    private static func alone(_ scalar: UInt32) -> CharacterClass {
        switch scalar {
        case 0x61...0x7A, 0x30...0x39: .letter
        // A list's members: "red,blue/green".
        case 0x20, 0x09...0x0D, 0x2C, 0x2F, 0x3B, 0x3A, 0x26, 0x3001, 0x3002: .space
        case 0..<0x80: .mark
        default: unicode(scalar)
        }
    }

    private static func unicode(_ value: UInt32) -> CharacterClass {
        guard let scalar = Unicode.Scalar(value) else { return .mark }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .nonspacingMark, .spacingMark, .enclosingMark:
            switch value {
            case 0x2E80...0x312F, 0x31A0...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF: return .ideograph
            default: return .letter
            }
        default:
            return scalar.properties.isWhitespace ? .space : .mark
        }
    }
}

/// Digits and symbols that stand for letters.
enum Leetspeak {
    struct Symbol {
        var letters: [UInt32]
        /// Whether it is a letter only inside a word, since after one it is punctuation.
        var needsBothNeighbours: Bool
    }

    /// What a digit may be read as.
    static func letters(forDigit digit: UInt32) -> [UInt32] {
        digit >= 0x30 && digit <= 0x39 ? digits[Int(digit - 0x30)] : []
    }

    static func symbol(_ scalar: UInt32) -> Symbol? {
        scalar < 0x80 ? ascii[Int(scalar)] : others[scalar]
    }

    private static let digits = ["o", "il", "z", "e", "a", "s", "gb", "t", "b", "g"].map(values)

    private static let ascii: [Symbol?] = {
        var table = [Symbol?](repeating: nil, count: 0x80)
        for (symbol, letters, both) in [
            ("@", "a", false), ("$", "s", false), ("!", "il", true), ("|", "il", true), ("+", "t", true),
            ("(", "c", true), ("<", "c", true), ("*", "aeiouy", true),
        ] {
            table[Int(values(symbol)[0])] = Symbol(letters: values(letters), needsBothNeighbours: both)
        }
        return table
    }()

    private static let others: [UInt32: Symbol] = [
        0x20AC: Symbol(letters: values("e"), needsBothNeighbours: false),
        0xA3: Symbol(letters: values("l"), needsBothNeighbours: false),
        0xA2: Symbol(letters: values("c"), needsBothNeighbours: false),
        0xA5: Symbol(letters: values("y"), needsBothNeighbours: false),
    ]

    private static func values(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
}

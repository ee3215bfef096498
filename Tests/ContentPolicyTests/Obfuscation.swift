import Testing

/// Ways in which people disguise a word from a filter.
struct Obfuscation: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let apply: @Sendable (String) -> String

    static let all: [Obfuscation] = [
        Obfuscation("capitals") { $0.uppercased() },
        Obfuscation("a sentence around it") { "a painting, \($0), in oil!" },
        Obfuscation("quotes") { "«\($0)»" },
        Obfuscation("zero-width characters") { $0.map(String.init).joined(separator: "\u{200B}") },
        Obfuscation("soft hyphens") { $0.map(String.init).joined(separator: "\u{AD}") },
        Obfuscation("spaced letters") { words($0) { $0.map(String.init).joined(separator: " ") } },
        Obfuscation("dotted letters") { words($0) { $0.map(String.init).joined(separator: ".") } },
        Obfuscation("hyphenated letters") { words($0) { $0.map(String.init).joined(separator: "-") } },
        Obfuscation("starred letters") { words($0) { $0.map(String.init).joined(separator: " * ") } },
        Obfuscation("emoji between letters") { words($0) { $0.map(String.init).joined(separator: "🍆") } },
        Obfuscation("a hyphen in the middle") {
            words($0) { "\($0.prefix($0.count / 2))-\($0.dropFirst($0.count / 2))" }
        },
        Obfuscation("underscores for spaces") { $0.split(separator: " ").joined(separator: "_") },
        Obfuscation("words joined") { $0.split(separator: " ").joined() },
        Obfuscation("many spaces") { $0.split(separator: " ").joined(separator: " \t\n  ") },
        Obfuscation("stretched vowels") {
            mapped($0) { "aeiou".contains($0) ? String(repeating: $0, count: 4) : "\($0)" }
        },
        Obfuscation("every letter stretched") {
            mapped($0) { $0.isLetter ? String(repeating: $0, count: 3) : "\($0)" }
        },
        Obfuscation("fullwidth") { shifted($0, by: 0xFF21 - 0x41, capitals: true) },
        Obfuscation("mathematical letters") { shifted($0, by: 0x1D400 - 0x41, capitals: true) },
        Obfuscation("circled letters") { shifted($0, by: 0x24D0 - 0x61, capitals: false) },
        Obfuscation("black squares") { shifted($0, by: 0x1F170 - 0x41, capitals: true) },
        Obfuscation("combining marks") { mapped($0) { $0.isLetter ? "\($0)\u{301}\u{336}" : "\($0)" } },
        Obfuscation("Cyrillic lookalikes") {
            replaced($0, ["a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х"])
        },
        Obfuscation("Greek lookalikes") { replaced($0, ["a": "α", "e": "ε", "o": "ο", "p": "ρ", "u": "υ", "i": "ι"]) },
        Obfuscation("digits for letters") { replaced($0, ["a": "4", "e": "3", "i": "1", "o": "0", "s": "5"]) },
        Obfuscation("symbols for letters") { replaced($0, ["a": "@", "s": "$", "i": "!"]) },
        Obfuscation("a one for an l") { replaced($0, ["l": "1"]) },
        Obfuscation("vowels starred out") { starred($0) },
    ]

    init(_ name: String, _ apply: @escaping @Sendable (String) -> String) {
        testDescription = name
        self.apply = apply
    }

    private static func words(_ text: String, _ change: (Substring) -> String) -> String {
        text.split(separator: " ").map(change).joined(separator: "   ")
    }

    private static func mapped(_ text: String, _ change: (Character) -> String) -> String {
        text.map(change).joined()
    }

    private static func replaced(_ text: String, _ table: [Character: Character]) -> String {
        String(text.map { table[$0] ?? $0 })
    }

    /// One vowel a word, and never the first letter.
    private static func starred(_ text: String) -> String {
        words(text) { word in
            guard let place = word.indices.dropFirst().dropLast().first(where: { "aeiou".contains(word[$0]) }) else {
                return String(word)
            }
            return word[..<place] + "*" + word[word.index(after: place)...]
        }
    }

    private static func shifted(_ text: String, by offset: Int, capitals: Bool) -> String {
        mapped(capitals ? text.uppercased() : text.lowercased()) { letter in
            guard letter.isASCII, letter.isLetter, let code = letter.unicodeScalars.first.map({ Int($0.value) }),
                let scalar = Unicode.Scalar(code + offset)
            else { return "\(letter)" }
            return String(Character(scalar))
        }
    }
}

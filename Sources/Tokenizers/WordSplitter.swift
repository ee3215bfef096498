/// A text as its Unicode scalars; words are slices of it.
typealias Scalars = ArraySlice<Unicode.Scalar>

/// Cuts a text into the words that byte-pair encoding works on.
enum WordSplitter {
    private static let contractions: [[Unicode.Scalar]] =
        ["s", "t", "re", "ve", "m", "ll", "d"].map { Array($0.unicodeScalars) }

    /// CLIP's expression: `MARK|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+`, white space left out.
    /// `marks` are the literal alternatives that come first (`<|startoftext|>` and `<|endoftext|>`).
    static func clip(_ text: Scalars, marks: [[Unicode.Scalar]], word: (Scalars) -> Void) {
        var rest = text
        while let first = rest.first {
            let kind = CharacterClass(first)
            if kind == .space {
                rest.removeFirst()
                continue
            }
            let count =
                marks.first { rest.starts(with: $0) }?.count ?? contraction(rest)
                ?? (kind == .number ? 1 : run(rest, of: kind))
            word(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }

    /// GPT-2's expression:
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`. Nothing is left out.
    static func gpt2(_ text: Scalars, word: (Scalars) -> Void) {
        var rest = text
        while let first = rest.first {
            let count = contraction(rest) ?? gpt2Run(rest, first)
            word(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
    }

    private static func gpt2Run(_ rest: Scalars, _ first: Unicode.Scalar) -> Int {
        let kind = CharacterClass(first)
        guard kind == .space else { return run(rest, of: kind) }
        if first == " ", let second = rest.dropFirst().first, CharacterClass(second) != .space {
            return 1 + run(rest.dropFirst(), of: CharacterClass(second))
        }
        let spaces = run(rest, of: .space)
        // `\s+(?!\S)`: the last white space before a word is left for the word, unless it is the only one.
        return spaces == rest.count || spaces == 1 ? spaces : spaces - 1
    }

    private static func run(_ rest: Scalars, of kind: CharacterClass) -> Int {
        (rest.firstIndex { CharacterClass($0) != kind } ?? rest.endIndex) - rest.startIndex
    }

    private static func contraction(_ rest: Scalars) -> Int? {
        guard rest.first == "'" else { return nil }
        let tail = rest.dropFirst()
        return contractions.first { tail.starts(with: $0) }.map { $0.count + 1 }
    }
}

extension Sequence<Unicode.Scalar> {
    /// The UTF-8 bytes of the scalars.
    var utf8Bytes: [UInt8] {
        var bytes: [UInt8] = []
        for scalar in self { bytes.append(contentsOf: UTF8.encode(scalar)!) }
        return bytes
    }
}

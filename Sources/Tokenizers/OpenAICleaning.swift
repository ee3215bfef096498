import Foundation

/// How OpenAI's CLIP cleans a text before it splits it: the ftfy package's repairs, HTML unescaped twice, lower case.
///
/// Of ftfy's repairs the one that guesses at wrongly decoded text ("schÃ¶n") is left out: it needs large tables, and
/// it acts on text that nobody types.
enum OpenAICleaning {
    static func clean(_ text: String) -> String {
        var scalars = repair(Array(text.unicodeScalars))
        scalars = HTMLEntities.unescape(HTMLEntities.unescape(scalars))
        return String(lowercased(scalars))
    }

    /// Repairs line by line; from the first line with a `<` on, HTML is taken to be meant.
    private static func repair(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var unescapes = true
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.contains("<") { unescapes = false }
            if !result.isEmpty { result.append("\n") }
            result += repairLine(Array(line), unescapes: unescapes)
        }
        return result
    }

    /// Repeats until nothing changes, since one repair can uncover another (`&amp;lt;`). ftfy sets no limit; this one
    /// keeps thousands of nested escapes from taking thousands of passes.
    private static func repairLine(_ line: [Unicode.Scalar], unescapes: Bool) -> [Unicode.Scalar] {
        var text = line
        for _ in 0..<16 {
            var next = unescapes ? HTMLEntities.unescapeTerminated(text) : text
            next = next.flatMap(plain)
            next = removeControls(removeTerminalEscapes(next))
            next = Normalization.composed(next)
            if next == text { break }
            text = next
        }
        return text
    }

    /// Control characters of Windows, ligatures, full and half widths, curly quotes and line breaks, made plain.
    private static func plain(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        guard !scalar.isASCII else { return scalar == "\r" ? ["\n"] : [scalar] }
        let scalar = HTMLEntities.windows1252(scalar)
        switch scalar {
        case "\u{2BC}", "\u{2018}"..."\u{201B}": return ["'"]
        case "\u{201C}"..."\u{201F}": return ["\""]
        case "\u{2028}", "\u{2029}": return ["\n"]
        case "\u{149}": return ["'", "n"]
        case "\u{FB05}": return ["\u{17F}", "t"]
        case "\u{132}", "\u{133}", "\u{1C4}"..."\u{1CC}", "\u{1F1}"..."\u{1F3}", "\u{FB00}"..."\u{FB06}",
            "\u{3000}", "\u{FF01}"..."\u{FFEF}":
            let parts = String(scalar).precomposedStringWithCompatibilityMapping
            return Array(parts.unicodeScalars)
        default: return [scalar]
        }
    }

    /// `ESC [ digits and semicolons, letter`.
    private static func removeTerminalEscapes(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("\u{1B}") else { return text }
        var result: [Unicode.Scalar] = []
        var rest = text[...]
        while let first = rest.popFirst() {
            if first == "\u{1B}", rest.first == "[" {
                let tail = rest.dropFirst().drop { "0"..."9" ~= $0 || $0 == ";" }
                if let letter = tail.first, letter.isASCII, CharacterClass(letter) == .letter {
                    rest = tail.dropFirst()
                    continue
                }
            }
            result.append(first)
        }
        return result
    }

    private static func removeControls(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        text.filter { scalar in
            switch scalar.value {
            case 0...8, 0x0B, 0x0E...0x1F, 0x7F, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFC: false
            default: true
            }
        }
    }

    /// Lower case of a whole text, where a sigma that ends a word becomes ς (Unicode's rule `Final_Sigma`).
    private static func lowercased(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var followsCased = false
        for (index, scalar) in text.enumerated() {
            if scalar == "\u{3A3}" {
                let next = text[(index + 1)...].first { !$0.properties.isCaseIgnorable }
                let ends = followsCased && !(next?.properties.isCased ?? false)
                result.append(ends ? "\u{3C2}" : "\u{3C3}")
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
            if !scalar.properties.isCaseIgnorable { followsCased = scalar.properties.isCased }
        }
        return result
    }
}

/// Character references of HTML (`&eacute;`, `&#233;`, `&#xE9;`) turned back into characters.
enum HTMLEntities {
    /// Every reference that the HTML standard accepts, and names without a semicolon where it allows that
    /// (Python's `html.unescape`).
    static func unescape(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        replaceReferences(text) { body, terminated in
            if body.first == "#" { return numeric(body.dropFirst()) }
            if terminated, let value = table[String(body)]?.value { return value }
            // Without a whole name: the longest name that needs no semicolon, and what follows it.
            for length in stride(from: body.count, to: 1, by: -1) {
                guard let entry = table[String(body.prefix(length))], entry.needsNoSemicolon else { continue }
                return entry.value + body.dropFirst(length) + (terminated ? [";"] : [])
            }
            return nil
        }
    }

    /// Only references with their semicolon, and names in capitals for their small letters as well (`&EACUTE;`), as
    /// the text cleaner ftfy does.
    static func unescapeTerminated(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        replaceReferences(text) { body, terminated in
            guard terminated, body.count <= 25 else { return nil }
            if body.first == "#" { return numeric(body.dropFirst()) }
            if let entry = table[String(body)] { return entry.value }
            let name = String(body)
            let small = name.lowercased()
            guard name == small.uppercased(), let entry = table[small] else { return nil }
            return entry.value.flatMap { $0.properties.uppercaseMapping.unicodeScalars }
        }
    }

    private struct Entry: Sendable {
        let value: [Unicode.Scalar]
        let needsNoSemicolon: Bool
    }

    private static let table: [String: Entry] = {
        var table: [String: Entry] = [:]
        for item in htmlEntityTable.split(separator: " ") {
            let parts = item.split(separator: "=")
            let marked = parts[0].hasSuffix("*")
            let value = parts[1].split(separator: ",").compactMap { UInt32($0, radix: 16).flatMap(Unicode.Scalar.init) }
            table[String(marked ? parts[0].dropLast() : parts[0])] = Entry(value: value, needsNoSemicolon: marked)
        }
        return table
    }()

    /// Finds `&body;` and `&body`, asks for the replacement, and leaves the reference as it was where there is none.
    private static func replaceReferences(
        _ text: [Unicode.Scalar], by replacement: (_ body: Scalars, _ terminated: Bool) -> [Unicode.Scalar]?
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < text.count {
            let scalar = text[index]
            index += 1
            guard scalar == "&" else {
                result.append(scalar)
                continue
            }
            let body = body(of: text[index...])
            let end = index + body.count
            let terminated = end < text.count && text[end] == ";"
            if !body.isEmpty, let value = replacement(body, terminated) {
                result += value
                index = end + (terminated ? 1 : 0)
            } else {
                result.append("&")
            }
        }
        return result
    }

    private static let endsName = Set("\t\n\u{C} <&#;".unicodeScalars)

    /// `#digits`, `#x` with hexadecimal digits, or up to 32 characters of a name.
    private static func body(of text: Scalars) -> Scalars {
        guard text.first == "#" else { return text.prefix(32).prefix { !endsName.contains($0) } }
        let hexadecimal = text.dropFirst().first.map { $0 == "x" || $0 == "X" } ?? false
        let mark = hexadecimal ? 2 : 1
        let digits = text.dropFirst(mark).prefix {
            $0.isASCII && (hexadecimal ? $0.properties.isASCIIHexDigit : $0.properties.numericType != nil)
        }
        return digits.isEmpty ? text.prefix(0) : text.prefix(mark + digits.count)
    }

    /// The standard's rules for numbers: Windows-1252 for 128–159, U+FFFD for what is no character, nothing for
    /// control characters.
    private static func numeric(_ digits: Scalars) -> [Unicode.Scalar] {
        let hexadecimal = digits.first == "x" || digits.first == "X"
        let value = UInt32(String(digits.dropFirst(hexadecimal ? 1 : 0)), radix: hexadecimal ? 16 : 10)
        guard let value, value != 0, let scalar = Unicode.Scalar(value) else { return ["\u{FFFD}"] }
        if 0x80...0x9F ~= value { return [windows1252(scalar)] }
        let unwanted =
            1...8 ~= value || 0x0B == value || 0x0E...0x1F ~= value || value == 0x7F
            || 0xFDD0...0xFDEF ~= value || value & 0xFFFE == 0xFFFE
        return unwanted ? [] : [scalar]
    }

    /// What Windows-1252 puts at the places of Latin-1's control characters U+0080–U+009F.
    static func windows1252(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard 0x80...0x9F ~= scalar.value else { return scalar }
        return windows1252Characters[Int(scalar.value - 0x80)]
    }

    private static let windows1252Characters = Array(
        "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)
}

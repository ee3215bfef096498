/// Emoji spelt out by their English names, `🐱` as `cat_face`, exactly as the Python package `emoji` does it
/// (`demojize` with empty delimiters), oddities included.
enum EmojiNames {
    private static let joiner: Unicode.Scalar = "\u{200D}"
    private static let variation: Unicode.Scalar = "\u{FE0F}"

    /// A piece of the text that may still be joined to what follows it.
    private struct Token {
        let start: Int
        let count: Int
        /// The emoji's name; nil for any other character, which stands for itself.
        let name: String?
    }

    static func spellOut(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        if text.allSatisfy(\.isASCII) { return text }
        var output: [Unicode.Scalar] = []
        var pending: [Token] = []
        func flush() {
            for token in pending {
                if let name = token.name {
                    output.append(contentsOf: name.unicodeScalars)
                } else {
                    output.append(text[token.start])
                }
            }
            pending = []
        }

        // Joiners that were found to join no known sequence; they end an emoji.
        var broken: Set<Int> = []
        var index = 0
        while index < text.count {
            let scalar = text[index]
            if broken.contains(index) {
                pending.append(Token(start: index, count: 1, name: nil))
                index += 1
                continue
            }
            if let root = trie.child(of: 0, scalar) {
                let (node, end) = trie.walk(text, from: index + 1, node: root, stops: broken)
                if let name = trie.names[node] {
                    pending.append(Token(start: index, count: end - index, name: name))
                    index = end
                    continue
                }
            } else if scalar == joiner, let last = pending.last,
                trie.isEmoji(text[last.start..<(last.start + last.count)]),
                trie.child(of: 0, text[index - 1]) != nil
            {
                broken.insert(index)
                index = goBack(text, from: index, &pending)
                continue
            } else {
                flush()
            }
            if scalar != "\u{FE0E}", scalar != variation {
                pending.append(Token(start: index, count: 1, name: nil))
            }
            index += 1
        }
        flush()
        return output
    }

    /// Where to read again after a joiner at `index` that joins nothing: the start of the last emoji, or of the one
    /// before it when the last is only a skin tone or hair.
    private static func goBack(_ text: [Unicode.Scalar], from index: Int, _ pending: inout [Token]) -> Int {
        guard let last = pending.last, last.count == 1, isComponent(text[last.start]) else {
            return index - pending.removeLast().count
        }
        let start = index - pending.suffix(2).reduce(0) { $0 + $1.count }
        if text[start] == joiner {
            pending.removeLast()
            return start + 1
        }
        pending.removeLast(min(2, pending.count))
        return start
    }

    private static func isComponent(_ scalar: Unicode.Scalar) -> Bool {
        0x1F3FB...0x1F3FF ~= scalar.value || 0x1F9B0...0x1F9B3 ~= scalar.value
    }

    // MARK: The table

    private static let trie = Trie(emojiNameTable)

    /// All sequences of the table. A sequence is written as code points; U+FE0F in it may be absent; `*` is a skin
    /// tone, `?` an optional one, and `!` in front asks for tones that differ. `~` in a name stands for the tones; the
    /// name of a `?` has them added at its end.
    private struct Trie: Sendable {
        private var edges: [UInt64: Int] = [:]
        private(set) var names: [String?] = [nil]

        private static let tones = ["light", "medium-light", "medium", "medium-dark", "dark"]

        init(_ table: String) {
            for entry in table.split(separator: " ") {
                let parts = entry.split(separator: "=")
                var items = parts[0].split(separator: "-")
                let unequal = items.first == "!"
                if unequal { items.removeFirst() }
                insert(items[...], name: String(parts[1]), tones: [], unequal: unequal, node: 0)
            }
        }

        func child(of node: Int, _ scalar: Unicode.Scalar) -> Int? {
            edges[UInt64(node) << 32 | UInt64(scalar.value)]
        }

        /// Follows the text as far as the sequences go.
        func walk(_ text: [Unicode.Scalar], from start: Int, node: Int, stops: Set<Int>) -> (node: Int, end: Int) {
            var (node, end) = (node, start)
            while end < text.count, !stops.contains(end), let next = child(of: node, text[end]) {
                node = next
                end += 1
            }
            return (node, end)
        }

        func isEmoji(_ scalars: Scalars) -> Bool {
            var node = 0
            for scalar in scalars {
                guard let next = child(of: node, scalar) else { return false }
                node = next
            }
            return names[node] != nil
        }

        private mutating func insert(
            _ items: ArraySlice<Substring>, name: String, tones: [Int], unequal: Bool, node: Int
        ) {
            guard let item = items.first else {
                if unequal, Set(tones).count == 1 { return }
                names[node] = Self.spell(name, tones)
                return
            }
            let rest = items.dropFirst()
            if item == "*" || item == "?" {
                let toned = item == "?" ? name + "_~" : name
                for tone in Self.tones.indices {
                    let next = grow(node, Unicode.Scalar(0x1F3FB + UInt32(tone))!)
                    insert(rest, name: toned, tones: tones + [tone], unequal: unequal, node: next)
                }
            } else if let scalar = UInt32(item, radix: 16).flatMap(Unicode.Scalar.init) {
                insert(rest, name: name, tones: tones, unequal: unequal, node: grow(node, scalar))
            }
            if item == "?" || item == "FE0F" {
                insert(rest, name: name, tones: tones, unequal: unequal, node: node)
            }
        }

        private mutating func grow(_ node: Int, _ scalar: Unicode.Scalar) -> Int {
            if let known = child(of: node, scalar) { return known }
            edges[UInt64(node) << 32 | UInt64(scalar.value)] = names.count
            names.append(nil)
            return names.count - 1
        }

        private static func spell(_ name: String, _ tones: [Int]) -> String {
            let shown = Set(tones).count == 1 ? tones.prefix(1) : tones[...]
            let phrase = shown.map { Self.tones[$0] + "_skin_tone" }.joined(separator: "_")
            return name.split(separator: "~", omittingEmptySubsequences: false).joined(separator: phrase)
        }
    }
}

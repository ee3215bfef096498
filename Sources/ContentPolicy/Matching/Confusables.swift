/// Letters that look like others, after decomposition and in lowercase.
///
/// A hand-made choice in the spirit of UTS #39's confusables: what is found in disguised words, written by its looks.
enum Confusables {
    /// A lookalike's value, and what it is read as.
    static let letters: [UInt32: [Unicode.Scalar]] = {
        var letters: [UInt32: [Unicode.Scalar]] = [:]
        for (letter, lookalikes) in table {
            for lookalike in lookalikes.unicodeScalars { letters[lookalike.value] = Array(letter.unicodeScalars) }
        }
        return letters
    }()

    private static let table: [(letter: String, lookalikes: String)] = [
        ("a", "аαɑᴀɐ⍺ꭺ"), ("b", "вьβƅʙɓƀ"), ("c", "сϲᴄƈↄꮯ"), ("d", "ԁɗᴅđðɖ"), ("e", "еεєҽəǝᴇɛɘ℮"), ("f", "ғƒꜰϝ"),
        ("g", "ɡցɢǥɠ"), ("h", "нһհʜħɦ"), ("i", "іιıɩɪ"), ("j", "јʝɉϳᴊ"), ("k", "кκĸᴋƙ"), ("l", "ӏłʟɫɭǀ∣ℓ"),
        ("m", "мᴍɱ"),
        ("n", "ոηɴŋɲƞ"), ("o", "оοօσᴏøөɵ"), ("p", "рρᴘƿ"), ("q", "ԛɋ"), ("r", "гʀɾɽᴦ"), ("s", "ѕꜱʂƨ"), ("t", "тτᴛŧʈƭ"),
        ("u", "υսᴜʋ"), ("v", "νѵᴠʌ"), ("w", "шѡԝωᴡɯ"), ("x", "хχ×✗✘"), ("y", "уγүʏყ"), ("z", "ᴢʐƶʒ"),
        ("ss", "ß"), ("ae", "æ"), ("oe", "œ"), ("th", "þ"),
        ("ا", "ٱ"), ("ي", "ىی"), ("ه", "ة"), ("ك", "ک"),
    ]

    /// The letter in a black circle or square, and the regional indicator's: shapes without a decomposition.
    static func enclosedLetter(_ value: UInt32) -> Unicode.Scalar? {
        for first: UInt32 in [0x1F150, 0x1F170, 0x1F1E6] where (first..<first + 26).contains(value) {
            return Unicode.Scalar(0x61 + value - first)
        }
        return nil
    }
}

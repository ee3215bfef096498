import Foundation

/// Unicode normalisation, as the references do it.
enum Normalization {
    /// Canonical composition (NFC), then each character's own lower case, without regard to its neighbours.
    static func composedLowercase(_ text: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        for scalar in composed(Array(text)) {
            if scalar.isASCII {
                result.append("A"..."Z" ~= scalar ? Unicode.Scalar(scalar.value + 32)! : scalar)
            } else {
                result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return result
    }

    /// Canonical composition.
    ///
    /// Foundation looks a character beyond U+FFFF up by its low 16 bits when a mark follows, and so takes U+E0061 with
    /// an accent for á. No such character composes with one below, so the text is cut behind it.
    static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        // Below U+0300 every text is composed already.
        if text.allSatisfy({ $0.value < 0x300 }) { return text }
        var result: [Unicode.Scalar] = []
        var start = 0
        for index in text.indices {
            let ends = index + 1 == text.count
            guard ends || (text[index].value > 0xFFFF && text[index + 1].value <= 0xFFFF) else { continue }
            guard ends || text[index].properties.canonicalCombiningClass == .notReordered else { continue }
            let part = String(text[start...index]).precomposedStringWithCanonicalMapping
            result.append(contentsOf: part.unicodeScalars)
            start = index + 1
        }
        return result
    }
}

extension String {
    init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}

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

    static func composed(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        // Below U+0300 every text is composed already.
        if text.allSatisfy({ $0.value < 0x300 }) { return text }
        var string = String.UnicodeScalarView()
        string.append(contentsOf: text)
        return Array(String(string).precomposedStringWithCanonicalMapping.unicodeScalars)
    }
}

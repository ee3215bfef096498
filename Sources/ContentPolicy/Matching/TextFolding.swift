import Foundation

/// Makes what looks alike equal: compatibility forms, case, accents, lookalike letters and invisible characters.
///
/// Unicode's NFKD and NFC (UAX #15), simple lowercase, and a skeleton in the manner of UTS #39. Terms and texts go through
/// the same folding, so that a Russian term still meets a Russian text although both are written with Latin letters after it.
public enum TextFolding {
    /// The folded text. Folding it again changes nothing.
    public static func folded(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: Self.scalars(of: text).lazy.compactMap { Unicode.Scalar($0) })
        return String(scalars)
    }

    /// The folded text's scalars.
    static func scalars(of text: String) -> [UInt32] {
        if let plain = asciiScalars(of: text) { return plain }
        var current = pass(over: text)
        // One pass nearly always suffices; a lookalike that becomes the base of a kept mark takes another.
        for _ in 0..<4 {
            let next = pass(over: current)
            if next.unicodeScalars.elementsEqual(current.unicodeScalars) { break }
            current = next
        }
        return current.unicodeScalars.map(\.value)
    }

    /// Most prompts are ASCII, and need no more than lowercase; nil for others.
    private static func asciiScalars(of text: String) -> [UInt32]? {
        var text = text
        return text.withUTF8 { bytes in
            var scalars: [UInt32] = []
            scalars.reserveCapacity(bytes.count)
            for byte in bytes {
                guard byte < 0x80 else { return nil }
                let upper = byte &- 0x41 < 26
                if !isDropped(UInt32(byte)) { scalars.append(UInt32(upper ? byte | 0x20 : byte)) }
            }
            return scalars
        }
    }

    private static func pass(over text: String) -> String {
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: text.unicodeScalars.lazy.filter { !isDropped($0.value) && !isInvisible($0) })
        var folded = String.UnicodeScalarView()
        for scalar in String(kept).decomposedStringWithCompatibilityMapping.unicodeScalars {
            for lower in scalar.properties.lowercaseMapping.unicodeScalars where !isDropped(lower.value) {
                fold(lower, into: &folded)
            }
        }
        return String(folded).precomposedStringWithCanonicalMapping
    }

    private static func fold(_ scalar: Unicode.Scalar, into folded: inout String.UnicodeScalarView) {
        let value = scalar.value
        if value < 0x80 {
            folded.append(scalar)
        } else if let alike = Confusables.letters[value] {
            folded.append(contentsOf: alike)
        } else if let letter = Confusables.enclosedLetter(value) {
            folded.append(letter)
        } else if (0x30A1...0x30F6).contains(value), let hiragana = Unicode.Scalar(value - 0x60) {
            folded.append(hiragana)
        } else {
            folded.append(scalar)
        }
    }

    /// Marks that may be left out, and characters of control. Vowel signs of Indic scripts and the voicing marks of kana
    /// are letters in all but name, and stay.
    private static func isDropped(_ value: UInt32) -> Bool {
        switch value {
        case 0x09...0x0D: false
        case 0x00...0x1F, 0x7F...0x84, 0x86...0x9F: true
        case 0x0300...0x036F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF, 0xFE20...0xFE2F: true
        case 0x0483...0x0489: true
        case 0x0591...0x05BD, 0x05BF, 0x05C1...0x05C2, 0x05C4...0x05C5, 0x05C7: true
        case 0x0610...0x061A, 0x0640, 0x064B...0x065F, 0x0670: true
        case 0x093C: true
        default: false
        }
    }

    /// Zero-width characters, direction marks, variation selectors, tags, fillers.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x7F
            && (scalar.properties.isDefaultIgnorableCodePoint || scalar.properties.generalCategory == .format)
    }
}

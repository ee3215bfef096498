import ContentPolicy
import Testing

@Suite struct FoldingTests {
    @Test(arguments: [
        ("Plain TEXT", "plain text"),
        ("ｆｕｌｌｗｉｄｔｈ", "fullwidth"),
        ("𝓈𝒸𝓇𝒾𝓅𝓉 𝔣𝔯𝔞𝔨𝔱𝔲𝔯", "script fraktur"),
        ("Ⓒⓘⓡⓒⓛⓔⓓ 🅑🅛🅐🅒🅚 🇫🇱🇦🇬", "circled black flag"),
        ("zero\u{200B}width\u{FEFF} so\u{AD}ft", "zerowidth soft"),
        ("Z̸̢͖a̷l̵g̶o̷", "zalgo"),
        ("Größe, Ångström, naïve, Żółć", "grosse, angstrom, naive, zolc"),
        ("ѕсаrlеt", "scarlet"),
        ("ΑΒΟΥΤ", "about"),
        ("ｶﾞﾗｽ", "がらす"),
        ("ガラス", "がらす"),
        ("أحمد", "احمد"),
    ]) func `What looks alike becomes equal`(_ text: String, _ folded: String) {
        #expect(TextFolding.folded(text) == folded)
    }

    @Test func `Scripts of their own stay apart`() {
        #expect(TextFolding.folded("猫と犬") == "猫と犬")
        #expect(TextFolding.folded("한국어") == "한국어")
        // Vowel signs are letters in all but name.
        #expect(TextFolding.folded("बिल्ली") == "बिल्ली")
    }

    @Test(arguments: 0..<40) func `Folding twice changes nothing`(_ seed: UInt64) {
        var generator = SplitMix(state: seed)
        for _ in 0..<50 {
            let once = TextFolding.folded(generator.text())
            #expect(Array(TextFolding.folded(once).unicodeScalars) == Array(once.unicodeScalars))
        }
    }

    @Test(arguments: HarmlessPrompts.all) func `Folding a prompt twice changes nothing`(_ prompt: String) {
        let once = TextFolding.folded(prompt)
        #expect(TextFolding.folded(once) == once)
    }
}

/// Steele, Lea and Flood's generator: the same numbers on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Scalars of all kinds: of the scripts that have rules, of symbols, and of anywhere.
    mutating func text() -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0xA0...0x24F, 0x250...0x36F, 0x370...0x52F, 0x5B0...0x6FF, 0x900...0x97F, 0x1D00...0x1FFF,
            0x2000...0x22FF, 0x2460...0x27BF, 0x3000...0x30FF, 0x4E00...0x4FFF, 0xAC00...0xAD00, 0xFB00...0xFFEF,
            0x1D400...0x1D7FF, 0x1F100...0x1F200, 0x1F300...0x1F6FF, 0xE0000...0xE01EF, 0...0x10FFFF,
        ]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...60, using: &self) {
            let range = ranges.randomElement(using: &self) ?? 0...0x7F
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self)) { scalars.append(scalar) }
        }
        return String(scalars)
    }
}

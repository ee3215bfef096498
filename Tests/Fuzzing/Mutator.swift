/// Makes damaged inputs out of whole ones. The same seed makes the same input.
struct Mutator {
    private var random: SplitMix
    private let seeds: [[UInt8]]
    private let words: [[UInt8]]

    init(seed: UInt64, seeds: [[UInt8]], words: [[UInt8]]) {
        random = SplitMix(state: seed)
        (self.seeds, self.words) = (seeds, words)
    }

    mutating func coin() -> Bool { Bool.random(using: &random) }

    mutating func input() -> [UInt8] {
        var bytes = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &random) { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: replace(&bytes, with: { $0 ^ (1 << UInt8.random(in: 0..<8, using: &$1)) })
        case 1: replace(&bytes, with: { UInt8.random(in: 0...255, using: &$1) })
        case 2: replace(&bytes, with: { Self.extremes.randomElement(using: &$1) ?? $0 })
        case 3: overwriteNumber(&bytes)
        case 4: bytes.removeSubrange(range(in: bytes))
        case 5: bytes.insert(contentsOf: Array(bytes[range(in: bytes)]), at: place(in: bytes))
        case 6: bytes.insert(contentsOf: words.randomElement(using: &random) ?? [0], at: place(in: bytes))
        case 7: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        case 8: splice(&bytes)
        default: bytes.insert(contentsOf: noise(), at: place(in: bytes))
        }
    }

    private static let extremes: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x0D]

    private mutating func replace(_ bytes: inout [UInt8], with change: (UInt8, inout SplitMix) -> UInt8) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &random)
        bytes[place] = change(bytes[place], &random)
    }

    /// A length or a size that is extreme.
    private mutating func overwriteNumber(_ bytes: inout [UInt8]) {
        guard bytes.count >= 4 else { return }
        let place = Int.random(in: 0...bytes.count - 4, using: &random)
        let extremes: [UInt32] = [0, 1, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, UInt32(bytes.count)]
        let number = extremes.randomElement(using: &random) ?? 0
        let ordered = coin() ? number.bigEndian : number
        withUnsafeBytes(of: ordered) { bytes.replaceSubrange(place..<place + 4, with: $0) }
    }

    private mutating func splice(_ bytes: inout [UInt8]) {
        let other = seeds.randomElement(using: &random) ?? []
        bytes = Array(bytes[..<place(in: bytes)] + other[place(in: other)...])
    }

    private mutating func noise() -> [UInt8] {
        (0..<Int.random(in: 1...32, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private mutating func place(in bytes: [UInt8]) -> Int { Int.random(in: 0...bytes.count, using: &random) }

    private mutating func range(in bytes: [UInt8]) -> Range<Int> {
        let start = place(in: bytes)
        return start..<start + Int.random(in: 0...min(256, bytes.count - start), using: &random)
    }
}

/// Steele, Lea and Flood's generator.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A stream of random numbers named by numbers: what it is for, and where.
///
/// Every random choice of a training run is a function of the run's seed, what the choice is for, and its place in the
/// run. So a run that is resumed makes the choices that it would have made, and nothing needs to be saved.
public struct Randomness: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64, _ place: UInt64...) {
        state = seed &* 0x9E37_79B9_7F4A_7C15
        for number in place {
            state = Self.mix(state ^ Self.mix(number &+ 0x632B_E59B_D9B4_E019))
        }
    }

    /// SplitMix64 (Steele, Lea & Flood 2014).
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mix(state)
    }

    /// True with the given probability.
    public mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

    private static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

import Scenes

/// Flat grounds by the words that name them.
///
/// A caption that says "… on a blue background" comes with that ground, so the model learns the words.
public struct Ground: Codable, Sendable, Equatable {
    /// nil for white, which goes without saying.
    public var name: String?
    /// Red, green and blue, 0…1.
    public var color: [Float]

    public static let white = Ground(name: nil, color: [1, 1, 1])

    public static let named: [Ground] = [
        ("black", 0.05, 0.05, 0.06), ("gray", 0.55, 0.55, 0.56), ("red", 0.84, 0.16, 0.16),
        ("orange", 0.96, 0.55, 0.14), ("yellow", 0.98, 0.86, 0.25), ("green", 0.22, 0.62, 0.30),
        ("light green", 0.70, 0.90, 0.66), ("blue", 0.16, 0.40, 0.82), ("light blue", 0.66, 0.84, 0.96),
        ("purple", 0.50, 0.26, 0.68), ("pink", 0.97, 0.68, 0.80), ("brown", 0.48, 0.31, 0.20),
        ("beige", 0.95, 0.90, 0.78),
    ].map { Ground(name: $0.0, color: [$0.1, $0.2, $0.3]) }

    /// The ground with its lightness varied a little, as the same word names many shades.
    func shaded(_ random: inout Randomness) -> Ground {
        let shift = Float.random(in: -0.06...0.06, using: &random)
        return Ground(name: name, color: color.map { min(1, max(0, $0 + shift)) })
    }
}

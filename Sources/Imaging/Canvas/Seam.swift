/// Brings a painted part to what is known around it without touching that: its colours are matched on a ring of known
/// pixels, then what still differs at the edge is spread smoothly into the painted part and fades there (a membrane, as in
/// Farbman et al. 2009, "Coordinates for Instant Image Cloning").
struct Seam {
    /// Which pixels are known, row by row.
    let known: [Bool]
    let width: Int
    let height: Int
    /// From a known pixel to the nearest unknown one, and the other way round.
    private let toUnknown: DistanceMap
    private let toKnown: DistanceMap

    init(known: [Bool], width: Int, height: Int) {
        (self.known, self.width, self.height) = (known, width, height)
        toUnknown = DistanceMap(to: known.map { !$0 }, width: width, height: height)
        toKnown = DistanceMap(to: known, width: width, height: height)
    }

    /// How far from the edge known pixels are looked at to match the colours, and how far into the painted part the
    /// membrane reaches.
    private var reach: Float { max(4, Float(max(width, height)) / 8) }

    /// Pixels at the edge, whose differences the membrane is spanned over.
    private static let edge: Float = 2.5
    /// The membrane moves no sample by more: what differs more is another thing, not another shade.
    private static let mostLevels: Float = 64

    /// - Parameters:
    ///   - painted: a picture of the part, 3 channels, painted over the known pixels too.
    ///   - picture: the same part of the known picture; what is not known means nothing.
    /// - Returns: the painted picture, changed where pixels are not known.
    func joined(_ painted: ImageBuffer, to picture: ImageBuffer) -> ImageBuffer {
        guard known.contains(true), known.contains(false) else { return painted }
        let ring = known.indices.filter { known[$0] && toUnknown[$0] <= reach }
        let match = ColourMatch(painted, to: picture, over: ring)
        let matched = match.applied(to: painted)
        let membrane = membrane(from: matched, to: picture)
        var samples = painted.samples
        for pixel in known.indices where !known[pixel] {
            let near = max(0, 1 - (toKnown[pixel] - 1) / reach)
            let fade = near * near * (3 - 2 * near)
            for index in pixel * 3..<pixel * 3 + 3 {
                samples[index] = (matched[index] + fade * membrane[index]).sample
            }
        }
        return ImageBuffer(unchecked: width, height, 3, samples)
    }

    /// The differences at the edge, and what lies smoothly between them.
    private func membrane(from matched: [Float], to picture: ImageBuffer) -> [Float] {
        var differences = [Float](repeating: 0, count: matched.count)
        var weights = [Float](repeating: 0, count: known.count)
        for pixel in known.indices where known[pixel] && toUnknown[pixel] <= Self.edge {
            weights[pixel] = 1
            for index in pixel * 3..<pixel * 3 + 3 {
                differences[index] = (Float(picture.samples[index]) - matched[index])
                    .clamped(to: -Self.mostLevels...Self.mostLevels)
            }
        }
        return PushPull.filled(differences, weights: weights, width: width, height: height, channels: 3)
    }
}

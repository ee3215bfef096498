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

    /// The largest step from a known pixel to a painted one beside it that is taken for the picture's own; what is left
    /// of a larger one is a seam.
    private static let largestStep: Float = 5
    /// What differs by more levels is another thing, not another shade: it is joined over the brink alone.
    private static let mostLevels: Float = 64
    private static let brink: Float = 6
    /// Sweeps that smooth the membrane between its edge and what the pyramid gave.
    private static let sweeps = 24

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
            let (far, near) = (Self.fade(toKnown[pixel], over: reach), Self.fade(toKnown[pixel], over: Self.brink))
            for index in pixel * 3..<pixel * 3 + 3 {
                let shade = membrane[index].clamped(to: -Self.mostLevels...Self.mostLevels)
                samples[index] = (matched[index] + far * shade + near * (membrane[index] - shade)).sample
            }
        }
        return ImageBuffer(unchecked: width, height, 3, samples)
    }

    /// From 1 at the edge to 0 at a distance, smoothly.
    private static func fade(_ distance: Float, over reach: Float) -> Float {
        let near = max(0, 1 - (distance - 1) / reach)
        return near * near * (3 - 2 * near)
    }

    /// What the painted pixels at the edge lack, and what lies smoothly between: the solution of Laplace's equation, so
    /// that a detail of the edge fades within its own width and a shade reaches far.
    private func membrane(from matched: [Float], to picture: ImageBuffer) -> [Float] {
        var differences = [Float](repeating: 0, count: matched.count)
        var weights = [Float](repeating: 0, count: known.count)
        for pixel in known.indices where !known[pixel] && toKnown[pixel] < 1.5 {
            let beside = neighbours(of: pixel).filter { known[$0] }
            weights[pixel] = 1
            for channel in 0..<3 {
                let own = matched[pixel * 3 + channel]
                let wanted = beside.map { place in
                    let step = own - matched[place * 3 + channel]
                    return Float(picture.samples[place * 3 + channel])
                        + step.clamped(to: -Self.largestStep...Self.largestStep)
                }
                differences[pixel * 3 + channel] = wanted.reduce(0, +) / Float(beside.count) - own
            }
        }
        var membrane = PushPull.filled(differences, weights: weights, width: width, height: height, channels: 3)
        let inner = known.indices.filter { !known[$0] && weights[$0] == 0 && toKnown[$0] <= reach }
        let around = inner.map { neighbours(of: $0).filter { !known[$0] } }
        for _ in 0..<Self.sweeps {
            // In place, as Gauss and Seidel: what was smoothed already counts at once.
            for (pixel, places) in zip(inner, around) {
                for channel in 0..<3 {
                    var sum: Float = 0
                    for place in places { sum += membrane[place * 3 + channel] }
                    membrane[pixel * 3 + channel] = sum / Float(places.count)
                }
            }
        }
        return membrane
    }

    /// The up to eight pixels around one.
    private func neighbours(of pixel: Int) -> [Int] {
        let (x, y) = (pixel % width, pixel / width)
        return (max(0, y - 1)...min(height - 1, y + 1)).flatMap { row in
            (max(0, x - 1)...min(width - 1, x + 1)).map { row * width + $0 }
        }.filter { $0 != pixel }
    }
}

/// Where the things of a scene are.
public struct SceneLayout {
    public enum Order: Sendable { case beside, below, scattered }

    public var order: Order
    public var boxes: [Box]

    /// How many things a layout can have.
    public static let counts = 1...9

    /// Places for things that do not cover each other, in reading order.
    ///
    /// - Parameter count: of `counts`
    /// - Parameter order: how they lie, as far as there is a pattern of so many things for it; nil by chance.
    /// - Parameter moving: whether they are moved and made smaller by chance, or fill their places.
    public init(count: Int, order: Order? = nil, moving: Bool = true, _ random: inout some RandomNumberGenerator) {
        let patterns = Self.patterns[min(max(count, Self.counts.lowerBound), Self.counts.upperBound) - 1]
        let asked = patterns.filter { $0.order == order }
        let pattern = (asked.isEmpty ? patterns : asked).randomElement(using: &random)!
        self.order = pattern.order
        boxes = pattern.corners.prefix(count).map { corner in
            let side = pattern.side * (moving ? Double.random(in: 0.82...1, using: &random) : 1)
            let slack = pattern.side - side
            return Box(
                x: corner.x + Double.random(in: 0...1, using: &random) * slack,
                y: corner.y + Double.random(in: 0...1, using: &random) * slack, side: side)
        }
    }

    private struct Pattern {
        var order: Order
        var side: Double
        var corners: [(x: Double, y: Double)]

        init(order: Order, side: Double, corners: [(x: Double, y: Double)]) {
            (self.order, self.side, self.corners) = (order, side, corners)
        }

        /// Rows of so many things, each in the middle.
        init(rows: [Int]) {
            let side = 1 / Double(max(rows.count, rows.max() ?? 1))
            let top = (1 - side * Double(rows.count)) / 2
            order = .scattered
            self.side = side
            corners = rows.enumerated().flatMap { row, count in
                let left = (1 - side * Double(count)) / 2
                return (0..<count).map { (left + side * Double($0), top + side * Double(row)) }
            }
        }
    }

    private static let patterns: [[Pattern]] = [
        [Pattern(order: .scattered, side: 1, corners: [(0, 0)])],
        [
            Pattern(order: .beside, side: 0.5, corners: [(0, 0.25), (0.5, 0.25)]),
            Pattern(order: .below, side: 0.5, corners: [(0.25, 0), (0.25, 0.5)]),
        ],
        [
            Pattern(order: .scattered, side: 0.48, corners: [(0.26, 0.02), (0.01, 0.5), (0.51, 0.5)]),
            Pattern(order: .scattered, side: 0.48, corners: [(0.01, 0.02), (0.51, 0.02), (0.26, 0.5)]),
            Pattern(order: .scattered, side: 0.34, corners: [(0, 0.33), (0.33, 0.33), (0.66, 0.33)]),
        ],
        [Pattern(order: .scattered, side: 0.48, corners: [(0.01, 0.01), (0.51, 0.01), (0.01, 0.51), (0.51, 0.51)])],
        [Pattern(rows: [3, 2]), Pattern(rows: [2, 1, 2])], [Pattern(rows: [3, 3]), Pattern(rows: [1, 2, 3])],
        [Pattern(rows: [2, 3, 2])], [Pattern(rows: [3, 2, 3])], [Pattern(rows: [3, 3, 3])],
    ]
}

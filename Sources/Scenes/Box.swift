/// A square in the unit square, from the upper left; it may reach beyond.
public struct Box: Codable, Hashable, Sendable {
    public var x: Double
    public var y: Double
    public var side: Double

    public init(x: Double, y: Double, side: Double) { (self.x, self.y, self.side) = (x, y, side) }

    public static let whole = Box(x: 0, y: 0, side: 1)

    /// The box in a picture of so many pixels, its edges rounded to whole ones; it may reach beyond.
    public func pixels(of size: Int) -> (left: Int, top: Int, side: Int) {
        (
            Int((x * Double(size)).rounded()), Int((y * Double(size)).rounded()),
            max(1, Int((side * Double(size)).rounded()))
        )
    }
}

/// A square of a picture that is painted at once, in the picture's pixels. It may reach past the picture: what lies
/// there is unknown, and what is painted there is dropped.
public struct Frame: Hashable, Codable, Sendable {
    public var x: Int
    public var y: Int
    public var side: Int

    public init(x: Int, y: Int, side: Int) {
        self.x = x
        self.y = y
        self.side = side
    }

    public var rectangle: PixelRectangle { PixelRectangle(x: x, y: y, width: side, height: side) }

    /// The square in which a mask's region is painted.
    ///
    /// It holds the whole region in its middle with `context` times the region's longer side around it, has at least
    /// `leastSide`, and is moved into the picture where it fits. A square is never longer than the picture's longer
    /// side, so that a small picture fills it and is drawn enlarged; across a picture's shorter side it may reach past
    /// both edges.
    /// - Returns: nil where the mask keeps everything.
    public static func window(around mask: Mask, context: Double, leastSide: Int) -> Frame? {
        guard let region = mask.bounds else { return nil }
        let longer = Double(max(region.width, region.height))
        let longest = max(mask.width, mask.height)
        let wanted = max((longer * (1 + 2 * max(0, context))).rounded(.up), Double(max(1, leastSide)))
        let side = wanted < Double(longest) ? Int(wanted) : longest
        return Frame(
            x: start(middle: region.x + region.maxX, side: side, extent: mask.width),
            y: start(middle: region.y + region.maxY, side: side, extent: mask.height), side: side)
    }

    /// Where a frame begins on one axis: around its middle (given doubled), inside the picture where it fits, else with the picture
    /// in its middle.
    private static func start(middle: Int, side: Int, extent: Int) -> Int {
        guard side <= extent else { return -((side - extent) / 2) }
        return min(max((middle - side) / 2, 0), extent - side)
    }
}

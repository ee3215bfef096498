/// A rectangle of whole pixels; it may reach past a picture, and it may be empty.
public struct PixelRectangle: Hashable, Codable, Sendable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int = 0, y: Int = 0, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    /// The first column and row behind it.
    public var maxX: Int { x + width }
    public var maxY: Int { y + height }

    public var isEmpty: Bool { width <= 0 || height <= 0 }
    public var area: Int { isEmpty ? 0 : width * height }

    /// What two rectangles have in common; empty where that is nothing.
    public func intersection(_ other: PixelRectangle) -> PixelRectangle {
        let (left, top) = (max(x, other.x), max(y, other.y))
        let (right, bottom) = (min(maxX, other.maxX), min(maxY, other.maxY))
        return PixelRectangle(x: left, y: top, width: max(0, right - left), height: max(0, bottom - top))
    }

    public func contains(_ other: PixelRectangle) -> Bool {
        other.isEmpty || (x <= other.x && y <= other.y && maxX >= other.maxX && maxY >= other.maxY)
    }
}

extension ImageBuffer {
    /// All of the picture.
    public var bounds: PixelRectangle { PixelRectangle(width: width, height: height) }

    /// The part in a rectangle, which must lie inside the picture.
    func cropped(to part: PixelRectangle) throws -> ImageBuffer {
        try cropped(x: part.x, y: part.y, width: part.width, height: part.height)
    }
}

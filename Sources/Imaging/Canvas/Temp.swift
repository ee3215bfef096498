public struct Frame: Hashable, Sendable, Codable {
    public var x: Int, y: Int, side: Int
    public init(x: Int, y: Int, side: Int) { self.x = x; self.y = y; self.side = side }
    public static func window(around mask: Mask, context: Double, leastSide: Int) -> Frame? {
        Frame(x: 0, y: 0, side: max(mask.width, mask.height))
    }
    public static func outwards(from mask: Mask, side: Int, overlap: Double) -> [Frame] { [] }
}
public struct Canvas: Sendable {
    var p: ImageBuffer
    var m: Mask
    public init(_ p: ImageBuffer, mask: Mask, feather: Int) { self.p = p; m = mask }
    public func view(of f: Frame, side: Int) throws -> (picture: ImageBuffer, mask: Mask) {
        (try p.resized(width: side, height: side), try m.resized(width: side, height: side))
    }
    public mutating func paint(_ i: ImageBuffer, in f: Frame) throws {
        p = try i.resized(width: f.side, height: f.side)
    }
    public func finished() throws -> ImageBuffer { p }
}
extension ImageBuffer {
    public var opaque: ImageBuffer { converted(channels: colorChannels) }
    public func grown(left: Int, top: Int, right: Int, bottom: Int) throws -> (ImageBuffer, Mask) {
        (self, try Mask(coverage: converted(channels: 1)))
    }
}
extension Mask {
    public func conservativelyResized(width: Int, height: Int) throws -> Mask {
        try resized(width: width, height: height)
    }
}

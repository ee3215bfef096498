import Imaging

/// A picture that goes on past its edges: frames of a size that the model draws are painted one after the other, each
/// over enough of what is there already. The picture itself comes back bit for bit.
public struct Outpainting: Hashable, Sendable {
    public var picture: ImageBuffer
    public var margins: Margins
    public var prompt: String
    public var negative: String
    public var method: KnownRegionMethod
    /// The least share of a frame's side that it has in common with what is known, 0.25…0.75.
    public var overlap: Double

    public init(
        _ picture: ImageBuffer, margins: Margins, prompt: String, negative: String = "",
        method: KnownRegionMethod = .automatic, overlap: Double = 0.5
    ) {
        self.picture = picture
        self.margins = margins
        self.prompt = prompt
        self.negative = negative
        self.method = method
        self.overlap = overlap
    }
}

/// By how many pixels a picture grows on each side.
public struct Margins: Hashable, Codable, Sendable {
    public var left: Int
    public var top: Int
    public var right: Int
    public var bottom: Int

    public init(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    public init(all sides: Int) { self.init(left: sides, top: sides, right: sides, bottom: sides) }

    /// Grows a picture to a size, shared between the opposite sides; where they cannot be equal, right and bottom get
    /// the pixel more. Negative where the size is smaller than the picture.
    public init(from picture: PictureSize, to size: PictureSize) {
        let (wide, high) = (size.width - picture.width, size.height - picture.height)
        self.init(left: wide / 2, top: high / 2, right: wide - wide / 2, bottom: high - high / 2)
    }

    /// Grows a picture to an aspect ratio, width ÷ height, in the one direction that it needs.
    public init(from picture: PictureSize, aspect: Double) {
        let wide = Int((Double(picture.height) * aspect).rounded())
        let high = Int((Double(picture.width) / aspect).rounded())
        self.init(
            from: picture, to: PictureSize(width: max(picture.width, wide), height: max(picture.height, high)))
    }
}

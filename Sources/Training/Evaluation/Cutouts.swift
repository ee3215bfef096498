import Torch

/// The separate things of a picture, each cut out on the picture's ground.
struct Cutouts {
    private let parts: [RGBPicture]
    /// Of each thing.
    let colours: [PictureColours]

    /// Things smaller than this share of the picture are specks.
    static let smallestShare = 0.01
    /// Parts that are nearer to each other than this share of the picture's width are one thing.
    static let gap = 0.03

    init(of picture: RGBPicture) {
        let whole = PictureColours(picture)
        let areas = ConnectedComponents.boxes(
            whole.ink, width: picture.width, joining: max(1, Int(Self.gap * Double(picture.width) / 2)),
            smallest: Int(Self.smallestShare * Double(whole.ink.count)))
        parts = areas.map { picture.square(around: $0) }
        colours = parts.map { PictureColours($0) }
    }

    /// (things, 3, side, side) in −1…1; nil where there is nothing.
    func pictures(side: Int) throws -> Tensor? {
        parts.isEmpty ? nil : .cat(try parts.map { try $0.tensor(side: side) }, dim: 0)
    }
}

extension RGBPicture {
    /// A box and a margin of a tenth around it, made square with the colour of the picture's first pixel.
    fileprivate func square(around box: PixelBox) -> RGBPicture {
        let side = max(4, Int(Double(max(box.width, box.height)) * 1.1))
        let (left, top) = (box.left - (side - box.width) / 2, box.top - (side - box.height) / 2)
        let ground = Array(bytes[0..<3])
        var square: [UInt8] = []
        square.reserveCapacity(side * side * 3)
        for y in top..<top + side {
            for x in left..<left + side {
                let isInside = x >= box.left && x < box.right && y >= box.top && y < box.bottom
                square += isInside ? Array(bytes[(y * width + x) * 3..<(y * width + x) * 3 + 3]) : ground
            }
        }
        return RGBPicture(width: side, height: side, bytes: square)
    }
}

/// The colours of a picture: its ground, and what is drawn on it.
struct PictureColours {
    /// The median of the outermost two lines of pixels on each side.
    let ground: Oklab
    /// True where a pixel differs visibly from the ground; row by row.
    let ink: [Bool]
    /// The share of the ink that has each of `ColourNames.all`; all 0 without ink.
    let histogram: [Double]

    /// The least Oklab distance that counts as a difference from the ground.
    static let visibleDifference: Float = 0.06

    init(_ picture: RGBPicture) {
        let bytes = picture.bytes
        let pixels = (0..<picture.width * picture.height).map {
            Oklab(red: bytes[$0 * 3], green: bytes[$0 * 3 + 1], blue: bytes[$0 * 3 + 2])
        }
        let edge = pixels.indices.filter { index in
            let (x, y) = (index % picture.width, index / picture.width)
            return x < 2 || y < 2 || x >= picture.width - 2 || y >= picture.height - 2
        }.map { pixels[$0] }
        let ground = Oklab(
            lightness: Self.median(edge.map(\.lightness)), a: Self.median(edge.map(\.a)), b: Self.median(edge.map(\.b)))
        let ink = pixels.map {
            $0.squaredDistance(to: ground) > Self.visibleDifference * Self.visibleDifference
        }
        var counts = [Int](repeating: 0, count: ColourNames.all.count)
        for (pixel, isInk) in zip(pixels, ink) where isInk { counts[ColourNames.name(of: pixel)] += 1 }
        let total = max(1, counts.reduce(0, +))
        self.ground = ground
        self.ink = ink
        histogram = counts.map { Double($0) / Double(total) }
    }

    /// The share of the ink that has a name.
    func share(of name: String) -> Double { ColourNames.all.firstIndex(of: name).map { histogram[$0] } ?? 0 }

    private static func median(_ values: [Float]) -> Float { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
}

/// A colour that has a word and a hue of its own.
struct NamedHue: Equatable {
    let name: String
    /// The hue that the word is painted with, in degrees.
    let hue: Double
    /// The hues that the word is certain for.
    let range: ClosedRange<Double>

    static let all: [NamedHue] = [
        NamedHue(name: "red", hue: 2, range: -14...12), NamedHue(name: "orange", hue: 28, range: 18...38),
        NamedHue(name: "yellow", hue: 50, range: 43...60), NamedHue(name: "green", hue: 125, range: 80...160),
        NamedHue(name: "blue", hue: 212, range: 193...238), NamedHue(name: "purple", hue: 275, range: 260...292),
        NamedHue(name: "pink", hue: 332, range: 308...345),
    ]

    /// Every word for a colour: a caption with one that is not the picture's main colour is not repainted.
    static let words = Set(all.map(\.name) + ["black", "white", "gray", "grey", "brown", "golden", "teal", "colorful"])

    /// The colour of most of a picture, if it has one that is bright enough to be named.
    init?(mainOf pixels: PicturePack.Pixels) {
        var painted = 0
        var hues: [Double] = []
        for at in stride(from: 0, to: pixels.bytes.count, by: 4) where pixels.bytes[at + 3] > 200 {
            painted += 1
            let color = HSV(red: pixels.bytes[at], green: pixels.bytes[at + 1], blue: pixels.bytes[at + 2])
            if color.saturation > 0.4, color.value > 0.5 { hues.append(color.hue) }
        }
        let best = Self.all.map { named in (named, hues.count { named.contains($0) }) }.max { $0.1 < $1.1 }
        guard let best, painted > 0, best.1 * 2 > painted else { return nil }
        self = best.0
    }

    private init(name: String, hue: Double, range: ClosedRange<Double>) {
        self.name = name
        self.hue = hue
        self.range = range
    }

    private func contains(_ hue: Double) -> Bool { range.contains(hue) || range.contains(hue - 360) }
}
